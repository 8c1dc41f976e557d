//! Uniform between two bounds.

use super::{Fan, Initializer, fill_uniform};
use crate::Scalar;
use crate::random::Stream;

/// Uniform from `low` to `high`: `Uniform(-0.1, 0.1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniform(pub f64, pub f64);

impl Initializer for Uniform {
    fn fill<T: Scalar>(&self, weight: &mut [T], _: Fan, random: &mut Stream) {
        fill_uniform(weight, self.0, self.1, random);
    }
}
