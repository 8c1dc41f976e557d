//! Observers: who is told how training goes, and may end it.
//!
//! ```
//! use core::ops::ControlFlow;
//! use nn_core::observe::{EpochReport, Observer};
//!
//! /// Remembers the losses, and stops when there is no hope.
//! #[derive(Default)]
//! struct Watch(Vec<f64>);
//!
//! impl Observer for Watch {
//!     fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
//!         self.0.push(report.loss);
//!         if report.epoch == 5 && report.loss > 2.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
//!     }
//! }
//!
//! let mut watch = Watch::default();
//! // net.train(&data) … .observe(&mut watch).run()?;
//! ```

#[cfg(feature = "progress")]
#[cfg_attr(all(target_family = "wasm", target_os = "unknown"), path = "no_terminal.rs")]
mod progress;

#[cfg(feature = "progress")]
pub use progress::ProgressBar;

use core::fmt;
use core::ops::ControlFlow;
use std::vec::Vec;

use crate::metric::Columns;

/// Is told how training goes. Every method has a default that does nothing; [`ControlFlow::Break`] ends the run as if it had been the last
/// update or epoch.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no observer",
    label = "not an observer",
    note = "`ProgressBar::new()` is one; of your own, with `impl nn_core::observe::Observer`, give the value or `&mut` of it"
)]
pub trait Observer {
    /// Before the first update.
    fn begin(&mut self, run: &RunReport<'_>) {
        let _ = run;
    }

    /// After every update.
    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        let _ = report;
        ControlFlow::Continue(())
    }

    /// After every epoch, its validation included.
    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        let _ = report;
        ControlFlow::Continue(())
    }

    /// After the run; not where it ends with an error.
    fn end(&mut self, ending: Ending) {
        let _ = ending;
    }
}

impl<O: Observer + ?Sized> Observer for &mut O {
    fn begin(&mut self, run: &RunReport<'_>) {
        (**self).begin(run);
    }
    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        (**self).step(report)
    }
    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        (**self).epoch(report)
    }
    fn end(&mut self, ending: Ending) {
        (**self).end(ending);
    }
}

/// A run that begins or goes on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RunReport<'a> {
    /// The network's name.
    pub network: &'a str,
    /// Samples of the training data.
    pub samples: usize,
    /// Updates of one epoch.
    pub steps_per_epoch: u64,
    /// Updates of the whole run.
    pub total_steps: u64,
    /// Updates that were made before, by the run that is resumed.
    pub resumed_at: u64,
}

/// An update that was made.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct StepReport<'a> {
    /// The update, counted from 1.
    pub step: u64,
    /// Updates of the whole run.
    pub total_steps: u64,
    /// The epoch, counted from 1.
    pub epoch: u64,
    /// The batch's loss, before the update.
    pub loss: f64,
    /// The learning rate, after the schedule.
    pub learning_rate: f64,
    /// The gradient's length before clipping, `√ Σ g²` over all that learns.
    pub gradient_norm: f64,
    pub(crate) so_far: &'a dyn Columns,
}

impl StepReport<'_> {
    /// Loss and metrics over the epoch so far.
    #[must_use]
    pub fn so_far(&self) -> Vec<(&str, f64)> {
        self.so_far.columns()
    }
}

impl fmt::Debug for StepReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, total_steps, epoch, loss, learning_rate, gradient_norm, so_far: _ } = self;
        write!(f, "step {step} of {total_steps} in epoch {epoch}: loss {loss}, learning rate {learning_rate}, gradient {gradient_norm}")
    }
}

/// An epoch that is finished.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct EpochReport<'a> {
    /// The epoch, counted from 1.
    pub epoch: u64,
    /// Updates made so far.
    pub step: u64,
    /// The training loss over the epoch.
    pub loss: f64,
    /// The validation loss after it, where there are validation data.
    pub validation_loss: Option<f64>,
    /// Whether this is the best epoch so far by the validation loss, else by the training loss.
    pub best: bool,
    /// What the epoch took, validation included; `None` where the target has no clock.
    pub seconds: Option<f64>,
    pub(crate) train: &'a dyn Columns,
    pub(crate) validation: Option<&'a dyn Columns>,
}

impl EpochReport<'_> {
    /// Loss and metrics over the training data, each sample seen as it was when its update was made.
    #[must_use]
    pub fn train(&self) -> Vec<(&str, f64)> {
        self.train.columns()
    }

    /// Loss and metrics over the validation data; empty where there are none.
    #[must_use]
    pub fn validation(&self) -> Vec<(&str, f64)> {
        self.validation.map_or_else(Vec::new, Columns::columns)
    }
}

impl fmt::Debug for EpochReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch {} (step {}): {:?}, validation {:?}", self.epoch, self.step, self.train(), self.validation())
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// All epochs are done.
    Epochs,
    /// The maximum of updates is made.
    MaxSteps,
    /// A stopping rule, such as `Patience`, ended it.
    Rule,
    /// An observer ended it.
    Observer,
}
