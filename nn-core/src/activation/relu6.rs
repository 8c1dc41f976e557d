//! Rectified linear unit with a ceiling: `y = min(max(0, z), 6)`; `dz = dy` where `0 < y < 6`, else 0.

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

/// `min(max(0, z), 6)` (Krizhevsky 2010; PyTorch's `ReLU6`): bounded, so that few bits hold it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relu6;

impl<X: Tensor> Activation<X> for Relu6 {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        let six = X::Scalar::from_f64(6.0);
        map(y, |z| six.minimum(X::Scalar::ZERO.maximum(z)));
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        let six = X::Scalar::from_f64(6.0);
        scale_by(y, dy, |y| if y > X::Scalar::ZERO && y < six { X::Scalar::ONE } else { X::Scalar::ZERO });
    }
}
