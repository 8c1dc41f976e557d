//! Threshold: `y = 1` where `z > 0`, else 0. Its slope is zero wherever it has one, so that nothing can be learned through it:
//! `dz = 0`.

use super::{Activation, Known, map};
use crate::{Real, Scalar, Simd, Tensor};

/// 1 where `z > 0`, else 0: the decision of a perceptron (Rosenblatt 1958).
///
/// At exactly 0 it stays silent, as in "fires above the threshold"; a NaN gives 0. A network with it predicts, but does not train.
#[derive(Clone, Copy, Debug, Default)]
pub struct Step;

impl<X: Tensor> Activation<X> for Step {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        map(y, |z| if z > X::Scalar::ZERO { X::Scalar::ONE } else { X::Scalar::ZERO });
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, _: &[X], dy: &mut [X]) {
        map(dy, |_| X::Scalar::ZERO);
    }
}
