//! Rectified linear unit with a ceiling: `y = min(max(0, z), 6)`; `dz = dy` where `0 < y < 6`, else 0.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `min(max(0, z), 6)` (Krizhevsky 2010; PyTorch's `ReLU6`): bounded, so that few bits hold it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relu6;

impl Pointwise for Relu6 {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    const COST: usize = 8;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        T::from_f64(6.0).minimum(T::ZERO.maximum(z))
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        if y > T::ZERO && y < T::from_f64(6.0) { T::ONE } else { T::ZERO }
    }
}
