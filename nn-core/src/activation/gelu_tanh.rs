//! Gaussian error linear unit, approximated: `y = z (1 + tanh u) / 2` with `u = √(2/π) (z + 0.044715 z³)`.
//!
//! With `s = (1 + tanh u) / 2 = 1 / (1 + e^(−2u))`: `dz = dy (s + 2 z s (1 − s) u′)`, `u′ = √(2/π) (1 + 3 · 0.044715 z²)`.
//! Not monotonic, so that backward needs the input `z`.

use super::{Activation, Known, map, scale_by, sigmoid};
use crate::{Real, Scalar, Simd, Tensor};

/// 2 √(2/π).
const SCALE: f64 = 1.595_769_121_605_730_7;
const CUBIC: f64 = 0.044_715;

/// The tanh form of [`Gelu`](super::Gelu) (Hendrycks, Gimpel 2016; PyTorch's `GELU(approximate="tanh")`), as GPT-2 uses it.
#[derive(Clone, Copy, Debug, Default)]
pub struct GeluTanh;

impl<X: Tensor> Activation<X> for GeluTanh {
    type Kind = Real;
    const KNOWN: Known = Known::Input;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        let (scale, cubic) = (X::Scalar::from_f64(SCALE), X::Scalar::from_f64(CUBIC));
        map(y, |z| z * sigmoid(scale * (z + cubic * z * z * z)));
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, z: &[X], dy: &mut [X]) {
        let (scale, cubic) = (X::Scalar::from_f64(SCALE), X::Scalar::from_f64(CUBIC));
        let cubic_slope = X::Scalar::from_f64(3.0 * CUBIC);
        scale_by(z, dy, |z| {
            let s = sigmoid(scale * (z + cubic * z * z * z));
            s + z * s * (X::Scalar::ONE - s) * scale * (X::Scalar::ONE + cubic_slope * z * z)
        });
    }
}
