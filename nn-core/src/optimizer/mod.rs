//! Optimizers: how parameters follow from gradients. One file each.

use core::fmt::Debug;

use crate::Scalar;

/// The circumstances of one update.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// The optimizer's rate times what the schedule and the part's own factor say.
    pub learning_rate: f64,
    /// The number of this update, from 1.
    pub step: u64,
}

/// Changes parameters against their gradients.
///
/// `Debug` prints its settings, by which a checkpoint knows it again.
pub trait Optimizer<T: Scalar>: Debug + Send + Sync {
    /// Numbers of state per parameter: 0 for SGD, 1 with momentum, 2 for Adam.
    const SLOTS: usize;

    /// The rate that schedules multiply.
    fn learning_rate(&self) -> f64;

    /// One update of a run of parameters. `state` holds `SLOTS` numbers a parameter, slot by slot (`m` of the whole run, then `v`), zero
    /// before the first update.
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]);
}
