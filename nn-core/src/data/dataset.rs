//! Samples in memory.

use std::vec::Vec;

use super::DataError;
use crate::{Plain, plain};

/// Inputs of shape `X` with their targets: `Dataset<[[[f32; 28]; 28]; 1], Class<10>>`.
///
/// There are as many targets as inputs, and as many weights where there are any.
#[derive(Clone, Debug)]
pub struct Dataset<X, Y> {
    inputs: Vec<X>,
    targets: Vec<Y>,
    weights: Option<Vec<f32>>,
}

impl<X, Y> Dataset<X, Y> {
    /// `targets[i]` belongs to `inputs[i]`.
    ///
    /// # Errors
    /// [`DataError::Counts`] where there are not as many targets as inputs.
    pub fn new(inputs: Vec<X>, targets: Vec<Y>) -> Result<Self, DataError> {
        if inputs.len() != targets.len() {
            return Err(DataError::Counts { what: "targets", given: targets.len(), inputs: inputs.len() });
        }
        Ok(Self { inputs, targets, weights: None })
    }

    /// The same samples, sample `i` counting `weights[i]` times as much in the loss.
    ///
    /// # Errors
    /// [`DataError::Counts`] where there are not as many weights as samples, [`DataError::Weight`] where one is negative or not finite.
    pub fn with_weights(mut self, weights: Vec<f32>) -> Result<Self, DataError> {
        if weights.len() != self.inputs.len() {
            return Err(DataError::Counts { what: "weights", given: weights.len(), inputs: self.inputs.len() });
        }
        if let Some(sample) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(DataError::Weight { sample, weight: weights[sample] });
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// The inputs, in order.
    #[must_use]
    pub fn inputs(&self) -> &[X] {
        &self.inputs
    }

    /// The inputs, to be changed in place.
    #[must_use]
    pub fn inputs_mut(&mut self) -> &mut [X] {
        &mut self.inputs
    }

    /// The targets, in order.
    #[must_use]
    pub fn targets(&self) -> &[Y] {
        &self.targets
    }

    /// The targets, to be changed in place.
    #[must_use]
    pub fn targets_mut(&mut self) -> &mut [Y] {
        &mut self.targets
    }

    /// The weights of the samples, where they were given.
    #[must_use]
    pub fn weights(&self) -> Option<&[f32]> {
        self.weights.as_deref()
    }

    /// The number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inputs.len()
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// The same samples with inputs of another shape, written by `f` in place: `|x, y| y[0] = *x`.
    #[must_use]
    pub fn map_inputs<Z: Plain>(self, mut f: impl FnMut(&X, &mut Z)) -> Dataset<Z, Y> {
        let mut inputs = plain::vec::<Z>(self.inputs.len());
        for (x, z) in self.inputs.iter().zip(&mut inputs) {
            f(x, z);
        }
        Dataset { inputs, targets: self.targets, weights: self.weights }
    }

    /// The same samples with other targets.
    #[must_use]
    pub fn map_targets<Z>(self, f: impl FnMut(Y) -> Z) -> Dataset<X, Z> {
        Dataset { inputs: self.inputs, targets: self.targets.into_iter().map(f).collect(), weights: self.weights }
    }

    /// All of it, to be taken apart; the counterpart of [`Dataset::from_parts`].
    #[cfg(feature = "data")]
    pub(crate) fn into_parts(self) -> (Vec<X>, Vec<Y>, Option<Vec<f32>>) {
        (self.inputs, self.targets, self.weights)
    }

    /// Parts of equal length, as the caller has seen to.
    #[cfg(feature = "data")]
    pub(crate) fn from_parts(inputs: Vec<X>, targets: Vec<Y>, weights: Option<Vec<f32>>) -> Self {
        debug_assert!(inputs.len() == targets.len() && weights.as_ref().is_none_or(|w| w.len() == inputs.len()));
        Self { inputs, targets, weights }
    }
}
