//! Hyperbolic tangent: `y = tanh z`; `dz = dy (1 − y²)`, computed as `(1 − y)(1 + y)`, which does not cancel near ±1.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `tanh z`: a sigmoid around zero, between −1 and 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tanh;

impl Pointwise for Tanh {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        z.tanh()
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        (T::ONE - y) * (T::ONE + y)
    }
}
