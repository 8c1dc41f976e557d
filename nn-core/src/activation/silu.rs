//! Sigmoid-weighted linear unit: `y = z s` with `s = 1 / (1 + e⁻ᶻ)`; `dz = dy s (1 + z (1 − s))`. Not monotonic, so that backward
//! needs the input `z`.

use super::{Activation, Known, map, scale_by, sigmoid};
use crate::{Real, Scalar, Simd, Tensor};

/// `z / (1 + e⁻ᶻ)`, also known as swish (Elfwing, Uchibe, Doya 2017; PyTorch's `SiLU`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Silu;

impl<X: Tensor> Activation<X> for Silu {
    type Kind = Real;
    const KNOWN: Known = Known::Input;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        map(y, |z| z * sigmoid(z));
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, z: &[X], dy: &mut [X]) {
        scale_by(z, dy, |z| {
            let s = sigmoid(z);
            s * (X::Scalar::ONE + z * (X::Scalar::ONE - s))
        });
    }
}
