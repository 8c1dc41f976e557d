//! Leaky rectified linear unit: `y = z` where `z > 0`, else `a z`; `dz = dy` where `y > 0`, else `a dy`.

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

/// `z` where `z > 0`, else `a z` (Maas, Hannun, Ng 2013; PyTorch's `LeakyReLU`): no unit is ever quite dead.
///
/// The slope `a` is 0 or more: with a negative one the output would not tell on which side the input was. Default: 0.01.
#[derive(Clone, Copy, Debug)]
pub struct LeakyRelu(
    /// The slope `a` below 0.
    pub f64,
);

impl Default for LeakyRelu {
    fn default() -> Self {
        Self(0.01)
    }
}

impl<X: Tensor> Activation<X> for LeakyRelu {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        let a = X::Scalar::from_f64(self.0);
        map(y, |z| if z > X::Scalar::ZERO { z } else { a * z });
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        let a = X::Scalar::from_f64(self.0);
        scale_by(y, dy, |y| if y > X::Scalar::ZERO { X::Scalar::ONE } else { a });
    }
}
