//! All weights the same.

use super::{Fan, Initializer};
use crate::Scalar;
use crate::random::Stream;

/// All zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Zeros;

impl Initializer for Zeros {
    fn fill<T: Scalar>(&self, weight: &mut [T], _: Fan, _: &mut Stream) {
        weight.fill(T::ZERO);
    }
}

/// All this number: `Constant(0.1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant(pub f64);

impl Initializer for Constant {
    fn fill<T: Scalar>(&self, weight: &mut [T], _: Fan, _: &mut Stream) {
        weight.fill(T::from_f64(self.0));
    }
}
