//! Piecewise linear sigmoid: `y = min(max(0, z + 3), 6) / 6`; `dz = dy / 6` where `0 < y < 1`, else 0.

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

/// `z/6 + 1/2`, held between 0 and 1 (PyTorch's `Hardsigmoid`): a sigmoid without an exponential.
#[derive(Clone, Copy, Debug, Default)]
pub struct HardSigmoid;

impl<X: Tensor> Activation<X> for HardSigmoid {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        let (three, six) = (X::Scalar::from_f64(3.0), X::Scalar::from_f64(6.0));
        map(y, |z| six.minimum(X::Scalar::ZERO.maximum(z + three)) / six);
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        let sixth = X::Scalar::from_f64(1.0 / 6.0);
        scale_by(y, dy, |y| if y > X::Scalar::ZERO && y < X::Scalar::ONE { sixth } else { X::Scalar::ZERO });
    }
}
