//! Exponential linear unit: `y = z` where `z > 0`, else `α (eᶻ − 1)`; `dz = dy` where `y > 0`, else `dy (y + α)`, because there
//! `∂y/∂z = α eᶻ = y + α`.

use super::{Activation, Known, map, scale_by};
use crate::{Real, Scalar, Simd, Tensor};

/// `z` where `z > 0`, else `α (eᶻ − 1)` (Clevert, Unterthiner, Hochreiter 2016; PyTorch's `ELU`).
///
/// `α` is 0 or more: with a negative one the output would not tell on which side the input was. Default: 1.
#[derive(Clone, Copy, Debug)]
pub struct Elu(
    /// `α`: the output far below 0 is `−α`.
    pub f64,
);

impl Default for Elu {
    fn default() -> Self {
        Self(1.0)
    }
}

impl<X: Tensor> Activation<X> for Elu {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        let alpha = X::Scalar::from_f64(self.0);
        map(y, |z| {
            let below = alpha * X::Scalar::ZERO.minimum(z).exp_m1();
            if z > X::Scalar::ZERO { z } else { below }
        });
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        let alpha = X::Scalar::from_f64(self.0);
        scale_by(y, dy, |y| if y > X::Scalar::ZERO { X::Scalar::ONE } else { y + alpha });
    }
}
