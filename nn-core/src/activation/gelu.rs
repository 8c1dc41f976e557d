//! Gaussian error linear unit: `y = z Φ(z)` with `Φ(z) = (1 + erf(z/√2)) / 2`; `dz = dy (Φ(z) + z φ(z))` with
//! `φ(z) = e^(−z²/2) / √(2π)`. Not monotonic, so that backward needs the input `z`.

use core::f64::consts::FRAC_1_SQRT_2;

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

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

impl<X: Tensor> Activation<X> for Gelu {
    type Kind = Real;
    const KNOWN: Known = Known::Input;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        map(y, |z| z * normal(z));
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, z: &[X], dy: &mut [X]) {
        let (half, norm) = (X::Scalar::from_f64(0.5), X::Scalar::from_f64(FRAC_1_SQRT_2_PI));
        scale_by(z, dy, |z| normal(z) + z * norm * (-half * z * z).exp());
    }
}
