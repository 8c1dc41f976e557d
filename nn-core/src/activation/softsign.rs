//! Softsign: `y = z / (1 + |z|)`; `dz = dy (1 − |y|)²`.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `z / (1 + |z|)`: from −1 to 1 as tanh, but slowly and without an exponential (Glorot, Bengio 2010; PyTorch's `Softsign`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Softsign;

impl Pointwise for Softsign {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    const COST: usize = 8;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        z / (T::ONE + z.abs())
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        let rest = T::ONE - y.abs();
        rest * rest
    }
}
