//! Softplus: `y = ln(1 + eᶻ)`; `dz = dy / (1 + e⁻ᶻ) = dy (1 − e⁻ʸ)`.

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

/// `ln(1 + eᶻ)`: a smooth `Relu` (Dugas et al. 2001; PyTorch's `Softplus` with `beta` 1).
///
/// Computed as `max(z, 0) + ln(1 + e^−|z|)`, so that nothing overflows and small values keep their relative accuracy. (PyTorch returns `z` itself
/// above 20: a difference of at most 2.1e-9.)
#[derive(Clone, Copy, Debug, Default)]
pub struct Softplus;

impl<X: Tensor> Activation<X> for Softplus {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        map(y, |z| X::Scalar::ZERO.maximum(z) + (-z.abs()).exp().ln_1p());
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        scale_by(y, dy, |y| -(-y).exp_m1());
    }
}
