//! Rules that end a run before its last epoch.

use core::fmt::Debug;

/// What the finished epochs gave; the last is the newest.
#[derive(Clone, Copy, Debug)]
pub struct SoFar<'a> {
    /// Training losses.
    pub train: &'a [f64],
    /// What is watched: the validation losses, or the training losses where there are no validation data.
    pub watched: &'a [f64],
    /// The mean over each epoch's updates of the gradient's length before clipping, `√ Σ g²`.
    pub gradient_norms: &'a [f64],
}

/// Decides after every epoch whether to go on. It is a function of what the epochs gave and keeps nothing, so that a resumed run goes on
/// exactly. `Debug` prints its settings.
///
/// ```
/// use nn_core::train::{SoFar, StoppingRule};
///
/// /// Good enough.
/// #[derive(Debug)]
/// struct LossBelow(f64);
///
/// impl StoppingRule for LossBelow {
///     fn stops(&self, so_far: &SoFar<'_>) -> bool {
///         so_far.watched.last().is_some_and(|loss| *loss < self.0)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no rule to stop by",
    label = "not a stopping rule",
    note = "rules are values: `Patience(3)`, `GradientBelow(1e-6)`, `LossChangeBelow(1e-6)`"
)]
pub trait StoppingRule: Debug + Send + Sync {
    /// Whether to stop.
    fn stops(&self, so_far: &SoFar<'_>) -> bool;

    /// Whether the run ends with the parameters of its best epoch instead of its last.
    fn restores_best(&self) -> bool {
        false
    }
}

/// Stops when the watched loss has not fallen below its lowest for this many epochs in a row, and ends with the best epoch's parameters
/// (also where the epochs run out first).
#[derive(Clone, Copy, Debug)]
pub struct Patience(pub usize);

impl StoppingRule for Patience {
    fn stops(&self, so_far: &SoFar<'_>) -> bool {
        best(so_far.watched).is_some_and(|best| so_far.watched.len() - 1 - best >= self.0.max(1))
    }

    fn restores_best(&self) -> bool {
        true
    }
}

/// Stops when the gradient's length, as the mean over an epoch's updates, is below this.
#[derive(Clone, Copy, Debug)]
pub struct GradientBelow(pub f64);

impl StoppingRule for GradientBelow {
    fn stops(&self, so_far: &SoFar<'_>) -> bool {
        so_far.gradient_norms.last().is_some_and(|norm| *norm < self.0)
    }
}

/// Stops when the training loss has changed by less than this from one epoch to the next.
#[derive(Clone, Copy, Debug)]
pub struct LossChangeBelow(pub f64);

impl StoppingRule for LossChangeBelow {
    fn stops(&self, so_far: &SoFar<'_>) -> bool {
        matches!(so_far.train, [.., before, now] if (now - before).abs() < self.0)
    }
}

/// Where the lowest loss is, the first of equal ones; a loss that is not a number is never it, but for want of another.
pub(super) fn best(losses: &[f64]) -> Option<usize> {
    let better = |a: f64, b: f64| a < b || b.is_nan() && !a.is_nan();
    (0..losses.len()).reduce(|best, i| if better(losses[i], losses[best]) { i } else { best })
}
