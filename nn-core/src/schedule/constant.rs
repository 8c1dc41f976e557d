//! No change: 1.

use super::{Moment, Schedule};

/// The optimizer's own rate from first to last; the default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Constant;

impl Schedule for Constant {
    fn factor(&self, _: &Moment<'_>) -> f64 {
        1.0
    }
}
