//! Piecewise linear sigmoid: `y = min(max(0, z + 3), 6) / 6`; `dz = dy / 6` where `0 < y < 1`, else 0.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `z/6 + 1/2`, held between 0 and 1 (PyTorch's `Hardsigmoid`): a sigmoid without an exponential.
#[derive(Clone, Copy, Debug, Default)]
pub struct HardSigmoid;

impl Pointwise for HardSigmoid {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    const COST: usize = 8;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        let (three, six) = (T::from_f64(3.0), T::from_f64(6.0));
        six.minimum(T::ZERO.maximum(z + three)) / six
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        if y > T::ZERO && y < T::ONE { T::from_f64(1.0 / 6.0) } else { T::ZERO }
    }
}
