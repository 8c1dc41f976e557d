//! Steps: `γ^⌊epoch / every⌋`.

use super::{Moment, Schedule};
use crate::SettingError;
use crate::optimizer::power;

/// Multiplies the rate by `gamma` every `every` epochs: `γ^⌊epoch / every⌋`, as PyTorch's `StepLR` does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDecay {
    every: u64,
    gamma: f64,
}

impl StepDecay {
    /// By `gamma` every `every` epochs.
    #[must_use]
    pub const fn new(every: u64, gamma: f64) -> Self {
        Self { every, gamma }
    }
}

impl Schedule for StepDecay {
    fn factor(&self, at: &Moment<'_>) -> f64 {
        power(self.gamma, at.epoch.checked_div(self.every).unwrap_or(0))
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::unless(self.every > 0, "StepDecay", "every", self.every as f64, "at least 1")?;
        SettingError::positive("StepDecay", "gamma", self.gamma)
    }
}
