//! Gaussian error linear unit, approximated: `y = z (1 + tanh u) / 2` with `u = √(2/π) (z + 0.044715 z³)`.
//!
//! With `s = (1 + tanh u) / 2 = 1 / (1 + e^(−2u))`: `dz = dy (s + 2 z s (1 − s) u′)`, `u′ = √(2/π) (1 + 3 · 0.044715 z²)`.
//! Not monotonic, so that backward needs the input `z`.

use super::{Known, Pointwise, compiled, sigmoid};
use crate::{Real, Scalar};

/// 2 √(2/π).
const SCALE: f64 = 1.595_769_121_605_730_7;
const CUBIC: f64 = 0.044_715;

/// The tanh form of [`Gelu`](super::Gelu) (Hendrycks, Gimpel 2016; PyTorch's `GELU(approximate="tanh")`), as GPT-2 uses it.
#[derive(Clone, Copy, Debug, Default)]
pub struct GeluTanh;

impl Pointwise for GeluTanh {
    type Kind = Real;
    const KNOWN: Known = Known::Input;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        let (scale, cubic) = (T::from_f64(SCALE), T::from_f64(CUBIC));
        z * sigmoid(scale * (z + cubic * z * z * z))
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, z: T) -> T {
        let (scale, cubic, cubic_slope) = (T::from_f64(SCALE), T::from_f64(CUBIC), T::from_f64(3.0 * CUBIC));
        let s = sigmoid(scale * (z + cubic * z * z * z));
        s + z * s * (T::ONE - s) * scale * (T::ONE + cubic_slope * z * z)
    }
}
