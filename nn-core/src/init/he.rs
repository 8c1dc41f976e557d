//! He (Kaiming): variance `2 / in`, which a rectifier halves again.

use super::{Fan, Initializer, deviation, fill_normal, fill_uniform};
use crate::Scalar;
use crate::random::Stream;

/// Uniform in `±√(6 / in)`, for layers before a rectifier (`Relu` and its kin); the default there.
///
/// Source: He, Zhang, Ren, Sun, *Delving Deep into Rectifiers*, 2015, eq. 10; PyTorch's `kaiming_uniform_` with `nonlinearity="relu"`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeUniform;

impl Initializer for HeUniform {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        let bound = deviation(6.0, fan.fan_in);
        fill_uniform(weight, -bound, bound, random);
    }
}

/// Normal with variance `2 / in`.
///
/// Source: He, Zhang, Ren, Sun, *Delving Deep into Rectifiers*, 2015, eq. 10; PyTorch's `kaiming_normal_` with `nonlinearity="relu"`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeNormal;

impl Initializer for HeNormal {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        fill_normal(weight, 0.0, deviation(2.0, fan.fan_in), random);
    }
}
