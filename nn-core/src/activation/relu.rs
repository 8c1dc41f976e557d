//! Rectified linear unit: `y = max(0, z)`; `dz = dy` where `y > 0`, else 0.

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

/// `max(0, z)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relu;

impl<X: Tensor> Activation<X> for Relu {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        map(y, |z| X::Scalar::ZERO.maximum(z)); // in this order NaN stays NaN
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        scale_by(y, dy, |y| if y > X::Scalar::ZERO { X::Scalar::ONE } else { X::Scalar::ZERO });
    }
}
