//! Logistic function: `y = 1 / (1 + e⁻ᶻ)`; `dz = dy y (1 − y)`.

use super::{Known, Pointwise, compiled, sigmoid};
use crate::{Bernoulli, Scalar};

/// `1 / (1 + e⁻ᶻ)`: the probability of a yes whose logit is `z`.
///
/// A loss on probabilities fits it; for a loss on logits, leave it out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sigmoid;

impl Pointwise for Sigmoid {
    type Kind = Bernoulli;
    const KNOWN: Known = Known::Output;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        sigmoid(z)
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        y * (T::ONE - y)
    }
}
