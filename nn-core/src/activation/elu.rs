//! Exponential linear unit: `y = z` where `z > 0`, else `α (eᶻ − 1)`; `dz = dy` where `y > 0`, else `dy (y + α)`, because there
//! `∂y/∂z = α eᶻ = y + α`.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `z` where `z > 0`, else `α (eᶻ − 1)` (Clevert, Unterthiner, Hochreiter 2016; PyTorch's `ELU`).
///
/// `α` is 0 or more: with a negative one the output would not tell on which side the input was. Default: 1.
#[derive(Clone, Copy, Debug)]
pub struct Elu(
    /// `α`: the output far below 0 is `−α`.
    pub f64,
);

impl Default for Elu {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Pointwise for Elu {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        let below = T::from_f64(self.0) * T::ZERO.minimum(z).exp_m1();
        if z > T::ZERO { z } else { below }
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        if y > T::ZERO { T::ONE } else { y + T::from_f64(self.0) }
    }
}
