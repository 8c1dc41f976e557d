//! Exponential decay: `γ^epoch`.

use super::{Moment, Schedule};
use crate::SettingError;
use crate::optimizer::power;

/// Multiplies the rate by `gamma` every epoch: `γ^epoch`, as PyTorch's `ExponentialLR` does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    gamma: f64,
}

impl Exponential {
    /// By `gamma` every epoch.
    #[must_use]
    pub const fn new(gamma: f64) -> Self {
        Self { gamma }
    }
}

impl Schedule for Exponential {
    fn factor(&self, at: &Moment<'_>) -> f64 {
        power(self.gamma, at.epoch)
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::positive("Exponential", "gamma", self.gamma)
    }
}
