//! Threshold: `y = 1` where `z > 0`, else 0. Its slope is zero wherever it has one, so that nothing can be learned through it:
//! `dz = 0`.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// 1 where `z > 0`, else 0: the decision of a perceptron (Rosenblatt 1958).
///
/// At exactly 0 it stays silent, as in "fires above the threshold"; a NaN gives 0. A network with it predicts, but does not train.
#[derive(Clone, Copy, Debug, Default)]
pub struct Step;

impl Pointwise for Step {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    const COST: usize = 8;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        if z > T::ZERO { T::ONE } else { T::ZERO }
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, _: T) -> T {
        T::ZERO
    }
}
