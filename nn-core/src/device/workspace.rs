//! The memory of a training step.
//!
//! It holds which kernels to run by, and is a constant without being asked: portable ones until `set_kernels` says otherwise, so that
//! host and device agree unless someone wants speed.

use core::fmt;

use crate::{Kernels, Network, One, Pass, Plain, Scratch};

/// What a training step of one sample works in: the values between the layers, the output, and their gradients.
///
/// A constant, so that it can be a `static`; [`Scratch::NEW`](crate::Scratch::NEW) is the same.
pub struct TrainingWorkspace<N: Network> {
    pub(super) tape: N::Tape<One>,
    pub(super) y: [N::Output; 1],
    pub(super) dy: [N::Output; 1],
    pub(super) kernels: Kernels,
    seed: u32,
    step: u32,
}

impl<N: Network> TrainingWorkspace<N> {
    /// Before the first step; runs with [`Kernels::Portable`], and dropout draws from seed 0.
    #[must_use]
    pub const fn new() -> Self {
        Self { tape: Scratch::NEW, y: [Plain::ZEROED], dy: [Plain::ZEROED], kernels: Kernels::Portable, seed: 0, step: 0 }
    }

    /// Runs with these kernels: on a PC others are faster; [`Kernels::Portable`] gives the bits that a microcontroller gives.
    pub fn set_kernels(&mut self, kernels: Kernels) {
        self.kernels = kernels;
    }

    /// Dropout draws from `seed`, and what it draws in the next step follows from the number of steps before it.
    pub fn set_seed(&mut self, seed: u32, steps_before: u32) {
        (self.seed, self.step) = (seed, steps_before);
    }

    /// How many steps were made, for [`TrainingWorkspace::set_seed`] after a restart.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.step
    }

    /// The last step's output, as it was before the update.
    #[must_use]
    pub fn output(&self) -> &N::Output {
        &self.y[0]
    }

    /// The circumstances of the next step.
    #[inline]
    pub(super) fn next_pass(&mut self) -> Pass<'static> {
        let pass = Pass::new(self.seed.into(), self.step.into());
        self.step = self.step.wrapping_add(1);
        pass
    }
}

impl<N: Network> Default for TrainingWorkspace<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Network> Scratch for TrainingWorkspace<N> {
    const NEW: Self = Self::new();
}

impl<N: Network> fmt::Debug for TrainingWorkspace<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrainingWorkspace of {} after {} steps", N::NAME, self.step)
    }
}
