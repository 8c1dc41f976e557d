//! Softplus: `y = ln(1 + eᶻ)`; `dz = dy / (1 + e⁻ᶻ) = dy (1 − e⁻ʸ)`.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `ln(1 + eᶻ)`: a smooth `Relu` (Dugas et al. 2001; PyTorch's `Softplus` with `beta` 1).
///
/// Computed as `max(z, 0) + ln(1 + e^−|z|)`, so that nothing overflows and small values keep their relative accuracy. (PyTorch returns `z` itself
/// above 20: a difference of at most 2.1e-9.)
#[derive(Clone, Copy, Debug, Default)]
pub struct Softplus;

impl Pointwise for Softplus {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        T::ZERO.maximum(z) + (-z.abs()).exp().ln_1p()
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        -(-y).exp_m1()
    }
}
