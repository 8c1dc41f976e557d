//! Rectified linear unit: `y = max(0, z)`; `dz = dy` where `y > 0`, else 0.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `max(0, z)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relu;

impl Pointwise for Relu {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    const COST: usize = 8;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        T::ZERO.maximum(z) // in this order NaN stays NaN
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        if y > T::ZERO { T::ONE } else { T::ZERO }
    }
}
