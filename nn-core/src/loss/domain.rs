//! What losses take as targets.

use core::fmt;

use super::{Distribution, Values};
use crate::{Scalar, Tensor};

/// A target that a loss means nothing for, such as a probability of 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetError {
    /// Whose target: `Hinge`.
    pub of: &'static str,
    /// Which of the target's numbers, counted from 0; `None` for the sum of all.
    pub number: Option<usize>,
    /// What it is.
    pub value: f64,
    /// What it must be: `−1 or 1`.
    pub must_be: &'static str,
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, number, value, must_be } = self;
        match number {
            Some(number) => write!(f, "number {number} of it is {value}: `{of}` takes {must_be}"),
            None => write!(f, "its numbers sum to {value}: `{of}` takes {must_be}"),
        }
    }
}

impl core::error::Error for TargetError {}

/// What losses of any numbers take.
pub(super) const FINITE: &str = "finite numbers";

/// Whether every number of a target is as it `must_be`.
pub(super) fn check_values<Y: Tensor, V: Values<Y>>(
    of: &'static str,
    target: &V,
    must_be: &'static str,
    holds: impl Fn(f64) -> bool,
) -> Result<(), TargetError> {
    check(of, target.values(), must_be, holds)
}

/// As [`check_values`], of a loss with margins.
pub(super) fn check_signs<Y: Tensor, V: Values<Y>>(of: &'static str, target: &V) -> Result<(), TargetError> {
    const SIGNS: &str = "−1 and 1 (no and yes as 0 and 1 are `bool`s, or `Class<2>`)";
    check(of, target.signs(), SIGNS, |value| value == -1.0 || value == 1.0)
}

fn check<T: Scalar>(
    of: &'static str,
    values: impl Iterator<Item = T>,
    must_be: &'static str,
    holds: impl Fn(f64) -> bool,
) -> Result<(), TargetError> {
    let spoilt = values.map(Scalar::to_f64).enumerate().find(|(_, value)| !holds(*value));
    spoilt.map_or(Ok(()), |(number, value)| Err(TargetError { of, number: Some(number), value, must_be }))
}

/// How far the sum of probabilities may be from 1: what rounding leaves of numbers with two digits, such as thirds as 0.33.
const SUM: f64 = 1e-2 + 1e-6;

/// Whether a target is a distribution: probabilities that sum to 1.
pub(super) fn check_distribution<T: Scalar, D: Distribution<T, N>, const N: usize>(
    of: &'static str,
    target: &D,
) -> Result<(), TargetError> {
    const PROBABILITIES: &str = "probabilities, at least 0 and with the sum 1; for one class of several use `Class`";
    if target.class().is_some() {
        return Ok(());
    }
    check(of, (0..N).map(|c| target.probability(c)), PROBABILITIES, |value| value >= 0.0 && value.is_finite())?;
    let sum: f64 = (0..N).map(|c| target.probability(c).to_f64()).sum();
    if (sum - 1.0).abs() <= SUM { Ok(()) } else { Err(TargetError { of, number: None, value: sum, must_be: PROBABILITIES }) }
}
