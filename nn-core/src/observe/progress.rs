//! A progress bar on the terminal.

use core::fmt;
use core::ops::ControlFlow;
use std::format;
use std::string::String;
use std::time::Duration;
use std::vec::Vec;

use indicatif::{ProgressBar as Bar, ProgressDrawTarget, ProgressStyle};

use super::{Ending, EpochReport, Observer, RunReport, StepReport};
use crate::clock::{self, Instant};
use crate::metric::short;

/// Shows on standard error how far the run has come, with the epoch's loss and metrics so far, the last validation's, and the time that is
/// left; quiet where standard error is no terminal. Feature `progress`.
pub struct ProgressBar {
    bar: Bar,
    shown: Option<Instant>,
    steps_per_epoch: u64,
    validation: String,
}

/// How often loss and metrics are worked out anew; the eye does not need it for every update.
const REFRESH: Duration = Duration::from_millis(100);

impl ProgressBar {
    /// A bar that appears with the first update.
    #[must_use]
    pub fn new() -> Self {
        Self { bar: Bar::with_draw_target(None, ProgressDrawTarget::stderr()), shown: None, steps_per_epoch: 1, validation: String::new() }
    }
}

impl Default for ProgressBar {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ProgressBar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "progress bar at {}", self.bar.position())
    }
}

/// `loss 0.0912 accuracy 0.9722`.
fn words(columns: &[(&str, f64)]) -> String {
    let words: Vec<String> = columns.iter().map(|(name, value)| format!("{name} {}", short(*value))).collect();
    words.join(" ")
}

impl Observer for ProgressBar {
    fn begin(&mut self, run: &RunReport<'_>) {
        self.steps_per_epoch = run.steps_per_epoch.max(1);
        let style = ProgressStyle::with_template("{prefix} {bar:24} {percent:>3}% {eta:>4} left · {msg}");
        if let Ok(style) = style {
            self.bar.set_style(style);
        }
        self.bar.set_length(run.total_steps);
        self.bar.set_position(run.resumed_at);
        self.bar.reset_eta();
    }

    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        self.bar.set_position(report.step);
        if !self.bar.is_hidden() && self.shown.is_none_or(|shown| shown.elapsed() > REFRESH) {
            self.shown = clock::now();
            self.bar.set_prefix(format!("epoch {}/{}", report.epoch, report.total_steps.div_ceil(self.steps_per_epoch)));
            self.bar.set_message(format!("{}{}", words(&report.so_far()), self.validation));
        }
        ControlFlow::Continue(())
    }

    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        if !self.bar.is_hidden() {
            let validation = words(&report.validation());
            self.validation = if validation.is_empty() { validation } else { format!(" · validation {validation}") };
            self.bar.set_message(format!("{}{}", words(&report.train()), self.validation));
        }
        ControlFlow::Continue(())
    }

    fn end(&mut self, ending: Ending) {
        match ending {
            Ending::Epochs | Ending::MaxSteps => self.bar.finish(),
            // It stays where it is.
            Ending::Rule | Ending::Observer => self.bar.abandon(),
        }
    }
}
