//! Cosine annealing: `m + (1 − m) (1 + cos(π step / total_steps)) / 2`.

use core::f64::consts::PI;

use super::{Moment, Schedule};
use crate::{Scalar, SettingError};

/// Half a cosine from 1 down to `minimum` over the whole training, update by update.
///
/// - `m + (1 − m) (1 + cos(π step / total_steps)) / 2`, with `m` the minimum: 0 by default.
/// - Source: Loshchilov, Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2017; PyTorch's `CosineAnnealingLR`, stepped
///   with every update.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CosineAnnealing {
    minimum: f64,
}

impl CosineAnnealing {
    /// Down to 0.
    #[must_use]
    pub const fn new() -> Self {
        Self { minimum: 0.0 }
    }

    /// Down to this factor.
    #[must_use]
    pub const fn minimum(self, factor: f64) -> Self {
        Self { minimum: factor }
    }
}

impl Schedule for CosineAnnealing {
    fn factor(&self, at: &Moment<'_>) -> f64 {
        self.minimum + (1.0 - self.minimum) * (1.0 + Scalar::cos(PI * at.progress())) / 2.0
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::share("CosineAnnealing", "minimum", self.minimum)
    }
}
