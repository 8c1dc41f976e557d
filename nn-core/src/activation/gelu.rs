//! Gaussian error linear unit: `y = z Φ(z)` with `Φ(z) = (1 + erf(z/√2)) / 2`; `dz = dy (Φ(z) + z φ(z))` with
//! `φ(z) = e^(−z²/2) / √(2π)`. Not monotonic, so that backward needs the input `z`.

use core::f64::consts::FRAC_1_SQRT_2;

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// 1/√(2π).
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;

/// `z Φ(z)` with the normal distribution's `Φ` (Hendrycks, Gimpel 2016; PyTorch's `GELU`): the exact form.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gelu;

/// `Φ(z)`.
#[inline]
fn normal<T: Scalar>(z: T) -> T {
    let half = T::from_f64(0.5);
    half + half * (z * T::from_f64(FRAC_1_SQRT_2)).erf()
}

impl Pointwise for Gelu {
    type Kind = Real;
    const KNOWN: Known = Known::Input;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        z * normal(z)
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, z: T) -> T {
        let (half, norm) = (T::from_f64(0.5), T::from_f64(FRAC_1_SQRT_2_PI));
        normal(z) + z * norm * (-half * z * z).exp()
    }
}
