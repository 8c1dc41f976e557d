//! Schedules: how the learning rate changes while training. One file each.

use core::fmt::Debug;

/// Where a training run stands when a learning rate is asked for.
#[derive(Clone, Copy, Debug)]
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

/// A factor on the optimizer's learning rate.
///
/// It is a function of the [`Moment`] alone and keeps nothing between calls, so that a resumed run goes on exactly.
/// `Debug` prints its settings, by which a checkpoint knows it again.
pub trait Schedule: Debug + Send + Sync {
    /// The factor for the coming update; 1 leaves the rate as it is.
    fn factor(&self, at: &Moment<'_>) -> f64;
}
