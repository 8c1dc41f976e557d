//! Adam with decoupled weight decay: `w ← (1 − η λ) w`, then Adam's update.

use super::{Adam, Optimizer, Update, compiled};
use crate::{Plain, Scalar, SettingError};

/// [`Adam`], with weight decay apart from the gradient: `w ← (1 − η λ) w`, then Adam's update.
///
/// - Defaults: `λ` = 0.01, all others as Adam's.
/// - Source: Loshchilov, Hutter, *Decoupled Weight Decay Regularization*, 2019; PyTorch's `AdamW`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW(Adam);

impl AdamW {
    /// With the rate `η`.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self(Adam::new(learning_rate).weight_decay(1e-2))
    }

    /// How much of the mean gradient stays in each update.
    #[must_use]
    pub const fn beta1(self, beta1: f64) -> Self {
        Self(self.0.beta1(beta1))
    }

    /// How much of the mean squared gradient stays in each update.
    #[must_use]
    pub const fn beta2(self, beta2: f64) -> Self {
        Self(self.0.beta2(beta2))
    }

    /// What keeps the division from 0.
    #[must_use]
    pub const fn epsilon(self, epsilon: f64) -> Self {
        Self(self.0.epsilon(epsilon))
    }

    /// Shrinks parameters by the share `rate · decay` in each update.
    #[must_use]
    pub const fn weight_decay(self, decay: f64) -> Self {
        Self(self.0.weight_decay(decay))
    }
}

impl Default for AdamW {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

compiled!(AdamW);

impl<T: Scalar> Optimizer<T> for AdamW {
    type State<G: Plain> = [G; 2];
    const NAME: &'static str = "AdamW";
    compiled!();

    fn learning_rate(&self) -> f64 {
        self.0.learning_rate
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]) {
        let keep = 1.0 - update.learning_rate * self.0.weight_decay;
        self.0.step(update, 0.0, keep, w, gradient, state);
    }

    fn with_weight_decay(&self, decay: f64) -> Option<Self> {
        Some((*self).weight_decay(decay))
    }

    fn check(&self) -> Result<(), SettingError> {
        self.0.check_as("AdamW")
    }
}
