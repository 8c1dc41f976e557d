//! Linear warm-up: `(step + 1) / warm` for the first `warm` updates, then another schedule.

use super::{Constant, Moment, Schedule};
use crate::SettingError;

/// A line from `1 / warm` to 1 over the first `warm` updates, then another schedule: `Warmup::new(500).then(CosineAnnealing::default())`.
///
/// The schedule after it sees the updates that are left, counted from 0, and epochs counted from the start of the training.
/// Source: Goyal et al., *Accurate, Large Minibatch SGD*, 2017, §2.2; PyTorch's `LinearLR` inside `SequentialLR`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Warmup<S = Constant> {
    steps: u64,
    then: S,
}

impl Warmup {
    /// Over the first `steps` updates; constant from there.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self { steps, then: Constant }
    }

    /// With another schedule after it.
    #[must_use]
    pub fn then<S: Schedule>(self, schedule: S) -> Warmup<S> {
        Warmup { steps: self.steps, then: schedule }
    }
}

impl<S: Schedule> Schedule for Warmup<S> {
    fn factor(&self, at: &Moment<'_>) -> f64 {
        if at.step < self.steps {
            return (at.step + 1) as f64 / self.steps as f64;
        }
        self.then.factor(&Moment { step: at.step - self.steps, total_steps: at.total_steps.saturating_sub(self.steps), ..*at })
    }

    fn check(&self) -> Result<(), SettingError> {
        self.then.check()
    }
}
