//! Hyperbolic tangent: `y = tanh z`; `dz = dy (1 − y²)`, computed as `(1 − y)(1 + y)`, which does not cancel near ±1.

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

/// `tanh z`: a sigmoid around zero, between −1 and 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tanh;

impl<X: Tensor> Activation<X> for Tanh {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        map(y, X::Scalar::tanh);
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        scale_by(y, dy, |y| (X::Scalar::ONE - y) * (X::Scalar::ONE + y));
    }
}
