//! Reduction on a plateau: the factor is multiplied by `γ` when the validation loss has not improved for more than `patience` epochs.

use super::{Moment, Schedule};
use crate::SettingError;

/// Multiplies the rate by `gamma` each time that the validation loss has not improved for more than `patience` epochs in a row.
///
/// - An improvement is a loss below `best · (1 − threshold)`. After a reduction, `cooldown` epochs are not counted. The factor does not fall
///   below `minimum`. Without validation data the training loss takes its place.
/// - Defaults: `gamma` 0.1, `patience` 10, `threshold` 10⁻⁴, `cooldown` 0, `minimum` 0, as PyTorch's `ReduceLROnPlateau` has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceOnPlateau {
    gamma: f64,
    patience: u32,
    threshold: f64,
    cooldown: u32,
    minimum: f64,
}

impl ReduceOnPlateau {
    /// By `gamma`, after more than `patience` epochs without improvement.
    #[must_use]
    pub const fn new(gamma: f64, patience: u32) -> Self {
        Self { gamma, patience, threshold: 1e-4, cooldown: 0, minimum: 0.0 }
    }

    /// The share of the best loss by which a new one must be lower.
    #[must_use]
    pub const fn threshold(self, share: f64) -> Self {
        Self { threshold: share, ..self }
    }

    /// Epochs after a reduction that are not counted.
    #[must_use]
    pub const fn cooldown(self, epochs: u32) -> Self {
        Self { cooldown: epochs, ..self }
    }

    /// The least factor.
    #[must_use]
    pub const fn minimum(self, factor: f64) -> Self {
        Self { minimum: factor, ..self }
    }
}

impl Default for ReduceOnPlateau {
    fn default() -> Self {
        Self::new(0.1, 10)
    }
}

impl Schedule for ReduceOnPlateau {
    fn factor(&self, at: &Moment<'_>) -> f64 {
        let (mut best, mut factor) = (f64::INFINITY, 1.0);
        let (mut bad_epochs, mut cooling) = (0, 0);
        for loss in at.losses {
            if *loss < best * (1.0 - self.threshold) {
                best = *loss;
                bad_epochs = 0;
            } else {
                bad_epochs += 1;
            }
            if cooling > 0 {
                cooling -= 1;
                bad_epochs = 0;
            }
            if bad_epochs > self.patience {
                let reduced = factor * self.gamma;
                factor = if reduced < self.minimum { self.minimum } else { reduced };
                cooling = self.cooldown;
                bad_epochs = 0;
            }
        }
        factor
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::unless(self.gamma > 0.0 && self.gamma < 1.0, "ReduceOnPlateau", "gamma", self.gamma, "above 0 and below 1")?;
        SettingError::below_one("ReduceOnPlateau", "threshold", self.threshold)?;
        SettingError::share("ReduceOnPlateau", "minimum", self.minimum)
    }
}
