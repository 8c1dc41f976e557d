//! Logistic function: `y = 1 / (1 + e⁻ᶻ)`; `dz = dy y (1 − y)`.

use super::{Activation, Known, map, scale_by, sigmoid};
use crate::{Bernoulli, Scalar, Simd, Tensor};

/// `1 / (1 + e⁻ᶻ)`: the probability of a yes whose logit is `z`.
///
/// A loss on probabilities fits it; for a loss on logits, leave it out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sigmoid;

impl<X: Tensor> Activation<X> for Sigmoid {
    type Kind = Bernoulli;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, y: &mut [X]) {
        map(y, sigmoid);
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[X], dy: &mut [X]) {
        scale_by(y, dy, |y| y * (X::Scalar::ONE - y));
    }
}
