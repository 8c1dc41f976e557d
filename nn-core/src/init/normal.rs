//! Normal, with mean and standard deviation given.

use super::{Fan, Initializer, fill_normal};
use crate::Scalar;
use crate::random::Stream;

/// Normal with this mean and standard deviation: `Normal(0.0, 0.01)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal(pub f64, pub f64);

impl Initializer for Normal {
    fn fill<T: Scalar>(&self, weight: &mut [T], _: Fan, random: &mut Stream) {
        fill_normal(weight, self.0, self.1, random);
    }
}
