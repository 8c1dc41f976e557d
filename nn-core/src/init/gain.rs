//! Another initialiser's weights, times a factor.

use super::{Fan, Initializer};
use crate::Scalar;
use crate::random::Stream;

/// What another initialiser draws, times a factor: `Gain(5.0 / 3.0, XavierUniform)` before a tanh, as PyTorch's `gain` has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain<I>(pub f64, pub I);

impl<I: Initializer> Initializer for Gain<I> {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        self.1.fill(weight, fan, random);
        let gain = T::from_f64(self.0);
        for w in weight {
            *w *= gain;
        }
    }
}
