//! Scaled exponential linear unit: `y = λ z` where `z > 0`, else `λ α (eᶻ − 1)`; `dz = dy λ` where `y > 0`, else `dy (y + λ α)`.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `λ z` where `z > 0`, else `λ α (eᶻ − 1)`, with the `λ` and `α` for which normalised inputs stay so from layer to layer (Klambauer and
/// others 2017; PyTorch's `SELU`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Selu;

const ALPHA: f64 = 1.673_263_242_354_377_2;
const LAMBDA: f64 = 1.050_700_987_355_480_5;

impl Pointwise for Selu {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        let below = T::from_f64(LAMBDA * ALPHA) * T::ZERO.minimum(z).exp_m1();
        if z > T::ZERO { T::from_f64(LAMBDA) * z } else { below }
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        if y > T::ZERO { T::from_f64(LAMBDA) } else { y + T::from_f64(LAMBDA * ALPHA) }
    }
}
