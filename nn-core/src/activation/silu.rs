//! Sigmoid-weighted linear unit: `y = z s` with `s = 1 / (1 + e⁻ᶻ)`; `dz = dy s (1 + z (1 − s))`. Not monotonic, so that backward
//! needs the input `z`.

use super::{Known, Pointwise, compiled, sigmoid};
use crate::{Real, Scalar};

/// `z / (1 + e⁻ᶻ)`, also known as swish (Elfwing, Uchibe, Doya 2017; PyTorch's `SiLU`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Silu;

impl Pointwise for Silu {
    type Kind = Real;
    const KNOWN: Known = Known::Input;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        z * sigmoid(z)
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, z: T) -> T {
        let s = sigmoid(z);
        s * (T::ONE + z * (T::ONE - s))
    }
}
