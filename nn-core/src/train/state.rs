//! How far a run has come: what a checkpoint keeps of it.
//!
//! A run keeps nothing that its history does not say. Schedules and stopping rules are functions of what the epochs gave, and
//! everything random is keyed. So a checkpoint holds the network, the optimizer's numbers, a place and the history, and resuming is
//! exact without asking the parts for their state.

use std::vec::Vec;

use super::SoFar;
use super::history::Epoch;
use crate::metric::Score;
use crate::plain::Aligned;

/// All that one update leads to, and all that a checkpoint holds besides the network.
pub(super) struct State<M, T> {
    /// Updates made.
    pub step: u64,
    /// Batches done in the epoch that is under way.
    pub batch: u64,
    /// Loss and metrics of that epoch so far.
    pub running: Score<M>,
    /// Of its gradients' lengths.
    pub norm_sum: f64,
    pub learning_rate: f64,
    pub epochs: Vec<Epoch<M>>,
    /// The optimizer's, one for each run of parameters.
    pub optimizer: Vec<Aligned<T>>,
    /// The network at the end of the last epoch.
    pub good: Vec<u8>,
    /// The network at the end of the best one; empty where no rule wants it.
    pub best: Vec<u8>,
}

impl<M, T> State<M, T> {
    pub fn so_far(&self) -> Losses {
        Losses {
            train: self.epochs.iter().map(|epoch| epoch.train.loss).collect(),
            watched: self.epochs.iter().map(Epoch::watched_loss).collect(),
            norms: self.epochs.iter().map(|epoch| epoch.gradient_norm).collect(),
        }
    }
}

/// What stopping rules and schedules look at.
pub(super) struct Losses {
    train: Vec<f64>,
    pub watched: Vec<f64>,
    norms: Vec<f64>,
}

impl Losses {
    pub fn view(&self) -> SoFar<'_> {
        SoFar { train: &self.train, watched: &self.watched, gradient_norms: &self.norms }
    }
}
