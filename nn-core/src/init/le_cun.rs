//! LeCun: variance `1 / in`, which a linear layer keeps.

use super::{Fan, Initializer, deviation, fill_normal};
use crate::Scalar;
use crate::random::Stream;

/// Normal with variance `1 / in`.
///
/// Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp*, 1998, §4.6.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LeCunNormal;

impl Initializer for LeCunNormal {
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
        fill_normal(weight, 0.0, deviation(1.0, fan.fan_in), random);
    }
}
