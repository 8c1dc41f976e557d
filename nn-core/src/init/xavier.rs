//! Xavier (Glorot): variance `2 / (in + out)`, a compromise between keeping it forwards and backwards.

use super::{Fan, Initializer, deviation, fill_normal, fill_uniform};
use crate::Scalar;
use crate::random::Stream;

/// Uniform in `±√(6 / (in + out))`, for layers before a sigmoid, tanh or softmax; the default there.
///
/// Source: Glorot, Bengio, *Understanding the Difficulty of Training Deep Feedforward Neural Networks*, 2010, eq. 16; PyTorch's
/// `xavier_uniform_`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct XavierUniform;

impl Initializer for XavierUniform {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        let bound = deviation(6.0, fan.fan_in + fan.fan_out);
        fill_uniform(weight, -bound, bound, random);
    }
}

/// Normal with variance `2 / (in + out)`.
///
/// Source: Glorot, Bengio, *Understanding the Difficulty of Training Deep Feedforward Neural Networks*, 2010, eq. 12; PyTorch's
/// `xavier_normal_`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct XavierNormal;

impl Initializer for XavierNormal {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        fill_normal(weight, 0.0, deviation(2.0, fan.fan_in + fan.fan_out), random);
    }
}
