//! Standardising: `x ← (x − mean) / deviation`, with mean and deviation of the training part only.

use std::vec::Vec;

use core::marker::PhantomData;

use super::DataError;
use crate::{Scalar, Tensor};

/// Takes numbers to mean 0 and standard deviation 1, and back. Feature `data`.
///
/// Fit it on the training part and apply it to all parts, so that nothing of the test is seen before it:
///
/// ```
/// # use nn_core::prelude::*;
/// # use nn_core::data::Standardizer;
/// let data = Dataset::new(vec![[1.0f32, 50.0], [3.0, 50.0], [9.0, 20.0]], vec![0.0f32; 3])?;
/// let (mut train, mut test) = data.split_at(2)?;
/// let scale = Standardizer::fit(train.inputs())?;
/// scale.apply(train.inputs_mut());
/// scale.apply(test.inputs_mut());
/// assert_eq!(train.inputs(), [[-1.0, 0.0], [1.0, 0.0]]);
/// # Ok::<(), nn_core::data::DataError>(())
/// ```
///
/// The deviation is that of the numbers themselves (divided by `n`, not `n − 1`), as scikit-learn's `StandardScaler` has it. Numbers that do
/// not vary are only centred.
#[derive(Clone, Debug)]
pub struct Standardizer<X> {
    mean: Vec<f64>,
    deviation: Vec<f64>,
    /// How many neighbouring numbers share a mean.
    group: usize,
    sample: PhantomData<fn(&X)>,
}

impl<X: Tensor> Standardizer<X> {
    /// A mean and deviation for each number of a sample.
    ///
    /// # Errors
    /// [`DataError::NoSamples`] without samples, [`DataError::NotFinite`] where a number is infinite or NaN.
    pub fn fit(samples: &[X]) -> Result<Self, DataError> {
        Self::fit_groups(samples, 1)
    }

    /// A mean and deviation for each channel: each index of the first axis, `C` of them in `[C, H, W]`.
    ///
    /// # Errors
    /// As [`Standardizer::fit`].
    pub fn fit_channels(samples: &[X]) -> Result<Self, DataError> {
        let channels = X::SHAPE.sizes().first().copied().unwrap_or(1).max(1);
        Self::fit_groups(samples, (X::LEN / channels).max(1))
    }

    /// From means and deviations that were saved: one each for every number of a sample, or for every channel.
    ///
    /// # Errors
    /// [`DataError::Counts`] where they are not as many as the numbers or channels of a sample, or not as many of one as of the other;
    /// [`DataError::NotFinite`] where one is infinite or NaN, or a deviation is not above 0.
    pub fn from_saved(mean: Vec<f64>, deviation: Vec<f64>) -> Result<Self, DataError> {
        let channels = X::SHAPE.sizes().first().copied().unwrap_or(1);
        if mean.len() != X::LEN && mean.len() != channels {
            return Err(DataError::Counts { what: "means", given: mean.len(), inputs: X::LEN });
        }
        if deviation.len() != mean.len() {
            return Err(DataError::Counts { what: "deviations", given: deviation.len(), inputs: mean.len() });
        }
        let sound = |(mean, deviation): (&f64, &f64)| Scalar::is_finite(*mean) && Scalar::is_finite(*deviation) && *deviation > 0.0;
        if let Some(feature) = mean.iter().zip(&deviation).position(|pair| !sound(pair)) {
            return Err(DataError::NotFinite { sample: 0, feature });
        }
        let group = X::LEN / mean.len().max(1);
        Ok(Self { mean, deviation, group, sample: PhantomData })
    }

    fn fit_groups(samples: &[X], group: usize) -> Result<Self, DataError> {
        if samples.is_empty() {
            return Err(DataError::NoSamples);
        }
        let groups = X::LEN / group;
        let count = (samples.len() * group) as f64;
        // Two passes, so that a mean far from zero costs no digits of the deviation.
        let mut mean = std::vec![0.0; groups];
        for (sample, x) in samples.iter().enumerate() {
            for (feature, x) in x.flat().iter().enumerate() {
                if !x.is_finite() {
                    return Err(DataError::NotFinite { sample, feature });
                }
                mean[feature / group] += x.to_f64() / count;
            }
        }
        let mut deviation = std::vec![0.0; groups];
        for x in samples {
            for (feature, x) in x.flat().iter().enumerate() {
                let from_mean = x.to_f64() - mean[feature / group];
                deviation[feature / group] += from_mean * from_mean / count;
            }
        }
        for (deviation, mean) in deviation.iter_mut().zip(&mean) {
            *deviation = Scalar::sqrt(*deviation);
            // What rounding leaves of numbers that are all equal is no spread (the bound is scikit-learn's).
            if *deviation <= count * f64::EPSILON * Scalar::abs(*mean) {
                *deviation = 1.0;
            }
        }
        Ok(Self { mean, deviation, group, sample: PhantomData })
    }

    /// Each number or channel's mean.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// Each number or channel's standard deviation; 1 where there is none.
    #[must_use]
    pub fn deviation(&self) -> &[f64] {
        &self.deviation
    }

    /// `x ← (x − mean) / deviation`, in place.
    pub fn apply(&self, samples: &mut [X]) {
        self.change(samples, |x, mean, deviation| (x - mean) / deviation);
    }

    /// `x ← x · deviation + mean`, in place: from a prediction to the unit of what was measured.
    pub fn undo(&self, samples: &mut [X]) {
        self.change(samples, |x, mean, deviation| x * deviation + mean);
    }

    fn change(&self, samples: &mut [X], f: impl Fn(f64, f64, f64) -> f64) {
        for x in samples {
            let numbers = x.flat_mut().chunks_mut(self.group.max(1));
            for ((x, mean), deviation) in numbers.zip(&self.mean).zip(&self.deviation) {
                for x in x {
                    *x = X::Scalar::from_f64(f(x.to_f64(), *mean, *deviation));
                }
            }
        }
    }
}
