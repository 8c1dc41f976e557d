//! Uniform within one over the square root of the units: PyTorch's default for recurrent layers.

use super::{Fan, Initializer, fill_uniform};
use crate::Scalar;
use crate::random::Stream;

/// Uniform in ±1/√out, biases too: of a recurrent layer `out` is the number of its units.
#[derive(Clone, Copy, Debug)]
pub struct RecurrentUniform;

impl Initializer for RecurrentUniform {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        let bound = if fan.fan_out == 0 { 0.0 } else { Scalar::sqrt(1.0 / fan.fan_out as f64) };
        fill_uniform(weight, -bound, bound, random);
    }

    fn fill_biases<T: Scalar>(&self, biases: &mut [T], fan: Fan, random: &mut Stream) {
        self.fill(biases, fan, random);
    }
}
