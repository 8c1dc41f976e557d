//! Time series as samples: sliding windows, lags, and days that are missing. Feature `data`.
//!
//! Samples come in the order of time, so [`Dataset::split_at`] trains on the past and judges by the future.

use std::vec::Vec;

use super::{DataError, Dataset};
use crate::{Scalar, Tensor, layer, plain};

/// Every window of `L` values as an input, and the `H` values after it as its target.
///
/// ```
/// # use nn_core::data::windows;
/// let data = windows::sliding::<f32, 3, 1>(&[1.0, 2.0, 3.0, 4.0, 5.0])?;
/// assert_eq!(data.inputs(), [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]);
/// assert_eq!(data.targets(), [[4.0], [5.0]]);
/// # Ok::<(), nn_core::data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Short`] where the series has less than `L + H` values, [`DataError::Zero`] where `L` or `H` is 0.
pub fn sliding<P: Tensor, const L: usize, const H: usize>(series: &[P]) -> Result<Dataset<[P; L], [P; H]>, DataError> {
    if L == 0 {
        return Err(DataError::Zero { what: "window" });
    }
    if H == 0 {
        return Err(DataError::Zero { what: "horizon" });
    }
    let count = windows_of(series.len(), L.saturating_add(H))?;
    let mut inputs = plain::vec::<[P; L]>(count);
    let mut targets = plain::vec::<[P; H]>(count);
    for ((x, y), window) in inputs.iter_mut().zip(&mut targets).zip(series.windows(L + H)) {
        layer::copy(x, window);
        layer::copy(y, window.get(L..).unwrap_or_default());
    }
    Dataset::new(inputs, targets)
}

/// The values `lags` steps before the target as an input, and the value `horizon` steps after the last known one as its target.
///
/// With horizon 1, the target `series[t]` has the inputs `series[t − lag]`: lag 1 is the value before it. With a longer horizon all of
/// them are that much further away: `series[t + 1 − horizon − lag]`.
///
/// ```
/// # use nn_core::data::windows;
/// let data = windows::lags::<f32, 2>(&[10.0, 11.0, 12.0, 13.0], [1, 3], 1)?;
/// assert_eq!(data.inputs(), [[12.0, 10.0]]);
/// assert_eq!(data.targets(), [13.0]);
/// # Ok::<(), nn_core::data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Short`] where the series is no longer than the longest lag, [`DataError::Zero`] where a lag or the horizon is 0.
pub fn lags<P: Tensor, const L: usize>(series: &[P], lags: [usize; L], horizon: usize) -> Result<Dataset<[P; L], P>, DataError> {
    if horizon == 0 {
        return Err(DataError::Zero { what: "horizon" });
    }
    if lags.contains(&0) {
        return Err(DataError::Zero { what: "lag" });
    }
    let before = lags.iter().copied().max().unwrap_or(0).saturating_add(horizon - 1);
    let count = windows_of(series.len(), before.saturating_add(1))?;
    let mut inputs = plain::vec::<[P; L]>(count);
    let mut targets = plain::vec::<P>(count);
    for (i, (x, y)) in inputs.iter_mut().zip(&mut targets).enumerate() {
        let t = before + i;
        for (x, lag) in x.iter_mut().zip(lags) {
            layer::copy(core::slice::from_mut(x), series.get(t + 1 - horizon - lag..).unwrap_or_default());
        }
        layer::copy(core::slice::from_mut(y), series.get(t..).unwrap_or_default());
    }
    Dataset::new(inputs, targets)
}

/// How many windows of `needed` values a series has.
fn windows_of(len: usize, needed: usize) -> Result<usize, DataError> {
    len.checked_sub(needed).map(|more| more + 1).ok_or(DataError::Short { len, needed })
}

/// One value for every day from the first to the last, missing ones on the straight line between their neighbours.
///
/// `days` are [`Table::days`](super::Table::days), or any other count of equal steps. A gap of more than `longest` missing days is an error, for
/// a line through it would be an invention.
///
/// # Errors
/// [`DataError::Counts`] where there are not as many days as values, [`DataError::Days`] where a day is not later than the one before it,
/// [`DataError::Gap`] where too many are missing.
pub fn fill_gaps<T: Scalar>(days: &[i64], values: &[T], longest: usize) -> Result<Vec<T>, DataError> {
    if days.len() != values.len() {
        return Err(DataError::Counts { what: "days", given: days.len(), inputs: values.len() });
    }
    let mut filled: Vec<T> = values.first().copied().into_iter().collect();
    for (i, (day, value)) in days.windows(2).zip(values.windows(2)).enumerate() {
        let (&[from, to], &[a, b]) = (day, value) else { continue };
        if to <= from {
            return Err(DataError::Days { at: i + 1 });
        }
        let steps = to.abs_diff(from);
        if steps - 1 > longest as u64 {
            return Err(DataError::Gap { at: i + 1, missing: steps - 1, longest });
        }
        for step in 1..steps {
            let share = step as f64 / steps as f64;
            filled.push(T::from_f64(a.to_f64() + (b.to_f64() - a.to_f64()) * share));
        }
        filled.push(b);
    }
    Ok(filled)
}

impl<T: Scalar, Y, const L: usize, const C: usize> Dataset<[[T; C]; L], Y> {
    /// The same samples as `Conv1d` wants them: from `L` steps of `C` channels to `C` channels of `L` steps.
    #[must_use]
    pub fn channels_first(self) -> Dataset<[[T; L]; C], Y> {
        self.map_inputs(|x, y: &mut [[T; L]; C]| {
            for (t, x) in x.iter().enumerate() {
                for (y, x) in y.iter_mut().zip(x) {
                    y[t] = *x;
                }
            }
        })
    }
}
