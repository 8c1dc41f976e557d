//! Schedules: how the learning rate changes while training. One file each.
//!
//! A schedule gives a factor on the optimizer's rate before every update.
//!
//! | schedule | factor |
//! |---|---|
//! | [`Constant`] | 1 |
//! | [`StepDecay`] | multiplied by γ every few epochs |
//! | [`Exponential`] | multiplied by γ every epoch |
//! | [`CosineAnnealing`] | half a cosine from 1 to its minimum over the whole training |
//! | [`Warmup`] | a line from 0 to 1 over the first updates, then any other |
//! | [`ReduceOnPlateau`] | multiplied by γ when the validation loss no longer falls |
//!
//! One of one's own:
//!
//! ```
//! use nn_core::schedule::{Moment, Schedule};
//!
//! /// A line from 1 to 0 over the whole training.
//! #[derive(Debug)]
//! struct Linear;
//!
//! impl Schedule for Linear {
//!     fn factor(&self, at: &Moment<'_>) -> f64 {
//!         1.0 - at.progress()
//!     }
//! }
//!
//! assert_eq!(Linear.factor(&Moment { step: 25, total_steps: 100, ..Moment::default() }), 0.75);
//! ```

mod constant;
mod cosine_annealing;
mod exponential;
mod reduce_on_plateau;
mod step_decay;
mod warmup;

pub use constant::Constant;
pub use cosine_annealing::CosineAnnealing;
pub use exponential::Exponential;
pub use reduce_on_plateau::ReduceOnPlateau;
pub use step_decay::StepDecay;
pub use warmup::Warmup;

use core::fmt::Debug;

use crate::SettingError;

/// Where a training run stands when a learning rate is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment<'a> {
    /// Updates made before this one: 0 at the first.
    pub step: u64,
    /// Updates of the whole run.
    pub total_steps: u64,
    /// Updates of one epoch.
    pub steps_per_epoch: u64,
    /// Epochs finished before this update: 0 in the first.
    pub epoch: u64,
    /// What each finished epoch ended with: the loss of the validation data, or of the training data where there are none. The last is the
    /// newest.
    pub losses: &'a [f64],
}

impl Moment<'_> {
    /// The share of the run that is done: `step / total_steps`, at most 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        if self.step < self.total_steps { self.step as f64 / self.total_steps as f64 } else { 1.0 }
    }
}

/// A factor on the optimizer's learning rate.
///
/// It is a function of the [`Moment`] alone and keeps nothing between calls, so that a resumed run goes on exactly.
/// `Debug` prints its settings, by which a checkpoint knows it again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no schedule",
    label = "this is no schedule",
    note = "schedules are values: `CosineAnnealing::new()`, `StepDecay::new(10, 0.5)`, `Warmup::new(500).then(Exponential::new(0.9))`"
)]
pub trait Schedule: Debug + Send + Sync {
    /// The factor for the coming update; 1 leaves the rate as it is.
    fn factor(&self, at: &Moment<'_>) -> f64;

    /// Whether the settings make sense; the training loop asks before the first update.
    ///
    /// # Errors
    /// Names the setting that does not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }
}

#[cfg(feature = "std")]
impl<S: Schedule + ?Sized> Schedule for std::boxed::Box<S> {
    fn factor(&self, at: &Moment<'_>) -> f64 {
        (**self).factor(at)
    }
    fn check(&self) -> Result<(), SettingError> {
        (**self).check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_make_no_sense_are_named() {
        fn fault(schedule: &impl Schedule) -> Option<&'static str> {
            schedule.check().err().map(|error| error.name)
        }
        assert_eq!(fault(&Constant), None);
        assert_eq!(fault(&StepDecay::new(0, 0.5)), Some("every"));
        assert_eq!(fault(&StepDecay::new(1, 0.0)), Some("gamma"));
        assert_eq!(fault(&Exponential::new(-0.5)), Some("gamma"));
        assert_eq!(fault(&CosineAnnealing::new().minimum(1.5)), Some("minimum"));
        assert_eq!(fault(&Warmup::new(5).then(Exponential::new(f64::NAN))), Some("gamma"));
        assert_eq!(fault(&Warmup::new(0)), None);
        assert_eq!(fault(&ReduceOnPlateau::new(1.0, 3)), Some("gamma"));
        assert_eq!(fault(&ReduceOnPlateau::default().threshold(1.0)), Some("threshold"));
        assert_eq!(fault(&ReduceOnPlateau::default().minimum(-0.1)), Some("minimum"));
        assert_eq!(fault(&ReduceOnPlateau::default()), None);
    }

    #[test]
    fn edges_give_numbers() {
        let end = Moment { step: 10, total_steps: 10, ..Moment::default() };
        assert!(CosineAnnealing::new().minimum(0.2).factor(&end) - 0.2 < 1e-12);
        let nothing = Moment::default();
        for factor in [
            Constant.factor(&nothing),
            StepDecay::new(0, 0.5).factor(&nothing),
            Exponential::new(0.5).factor(&nothing),
            Warmup::new(0).factor(&nothing),
            ReduceOnPlateau::default().factor(&nothing),
        ] {
            assert!((factor - 1.0).abs() < 1e-15);
        }
        // A warm-up longer than the training never ends, and never overshoots.
        let warm = Warmup::new(20).then(CosineAnnealing::new());
        assert!(warm.factor(&Moment { step: 9, total_steps: 10, ..Moment::default() }) <= 0.5);
    }

    #[test]
    fn a_loss_that_is_no_number_is_no_improvement() {
        let losses = [1.0, f64::NAN, f64::NAN, f64::NAN];
        let at = Moment { epoch: 4, losses: &losses, ..Moment::default() };
        assert!((ReduceOnPlateau::new(0.5, 2).factor(&at) - 0.5).abs() < 1e-15);
    }
}
