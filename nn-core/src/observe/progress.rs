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
    /// Epochs of the whole run.
    epochs: u64,
    validation: String,
}

/// How often loss and metrics are worked out anew; the eye does not need it for every update.
const REFRESH: Duration = Duration::from_millis(100);

impl ProgressBar {
    /// A bar that appears with the first update.
    #[must_use]
    pub fn new() -> Self {
        Self::on(ProgressDrawTarget::stderr())
    }

    fn on(target: ProgressDrawTarget) -> Self {
        Self { bar: Bar::with_draw_target(None, target), shown: None, epochs: 0, validation: String::new() }
    }

    /// Shows an epoch and its numbers.
    fn tell(&self, epoch: u64, train: &[(&str, f64)]) {
        self.bar.set_prefix(format!("epoch {epoch}/{}", self.epochs));
        self.bar.set_message(format!("{}{}", words(train), self.validation));
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
        self.epochs = run.total_steps.div_ceil(run.steps_per_epoch.max(1));
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
            self.tell(report.epoch, &report.so_far());
        }
        ControlFlow::Continue(())
    }

    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        if !self.bar.is_hidden() {
            let validation = words(&report.validation());
            self.validation = if validation.is_empty() { validation } else { format!(" · validation {validation}") };
            // Its last update may have been too soon after another to be shown.
            self.tell(report.epoch, &report.train());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Columns;
    use std::boxed::Box;
    use std::io;

    /// A terminal that shows nothing.
    #[derive(Debug)]
    struct Terminal;

    impl indicatif::TermLike for Terminal {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, _: &str) -> io::Result<()> {
            Ok(())
        }
        fn write_str(&self, _: &str) -> io::Result<()> {
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Loss(f64);

    impl Columns for Loss {
        fn columns(&self) -> Vec<(&str, f64)> {
            std::vec![("loss", self.0)]
        }
    }

    /// Faster than the eye: every update but the first comes before anything is shown anew.
    #[test]
    fn a_fast_run_ends_on_its_last_epoch() {
        for (ending, epochs) in [(Ending::Epochs, 30), (Ending::MaxSteps, 29), (Ending::Rule, 17), (Ending::Observer, 3)] {
            let mut bar = ProgressBar::on(ProgressDrawTarget::term_like(Box::new(Terminal)));
            bar.begin(&RunReport { network: "Net", samples: 2, steps_per_epoch: 2, total_steps: 60, resumed_at: 0 });
            for epoch in 1..=epochs {
                let train = Loss(1.0 / epoch as f64);
                for step in [2 * epoch - 1, 2 * epoch] {
                    let so_far = &Loss(9.0);
                    let _ =
                        bar.step(&StepReport { step, total_steps: 60, epoch, loss: 0.0, learning_rate: 0.1, gradient_norm: 1.0, so_far });
                }
                let (train, validation) = (&train, Some(&Loss(0.5) as &dyn Columns));
                let _ = bar.epoch(&EpochReport {
                    epoch,
                    step: 2 * epoch,
                    loss: train.0,
                    validation_loss: Some(0.5),
                    best: true,
                    seconds: Some(0.0),
                    train,
                    validation,
                });
            }
            bar.end(ending);
            assert_eq!(bar.bar.prefix(), std::format!("epoch {epochs}/30"), "{ending:?}");
            let loss = short(1.0 / epochs as f64);
            assert_eq!(bar.bar.message(), std::format!("loss {loss} · validation loss 0.5000"), "{ending:?}");
        }
    }
}
