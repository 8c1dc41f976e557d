//! What training needs of RAM, known while compiling.

use super::{OptimizerState, TrainingWorkspace};
use crate::optimizer::{Optimizer, Sgd};
use crate::{Network, Scalar};

/// One sample at a time, in place: [`OnDevice::step_online`](super::OnDevice::step_online).
#[derive(Clone, Copy, Debug)]
pub struct Online;

/// Gradients added up, then an update: [`OnDevice::gradient`](super::OnDevice::gradient).
#[derive(Clone, Copy, Debug)]
pub struct Accumulate;

/// A way to train without a heap, by an optimizer `O`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` training is not by `{O}`",
    label = "not by this optimizer",
    note = "`Online` training is plain stochastic gradient descent, `Sgd`: it has no memory for what other optimizers keep; use `Accumulate`"
)]
pub trait Mode<O>: Copy {
    /// Whether there is a gradient in memory, and an optimizer with its state.
    const ACCUMULATES: bool;
}

impl Mode<Sgd> for Online {
    const ACCUMULATES: bool = false;
}

impl<O> Mode<O> for Accumulate {
    const ACCUMULATES: bool = true;
}

/// Bytes of RAM: the network, the [`TrainingWorkspace`], and where gradients are added up the gradient and the [`OptimizerState`].
///
/// The stack comes on top, and a sample, where it does not lie in flash.
#[must_use]
pub const fn training_ram<N, T, O, M>() -> usize
where
    T: Scalar,
    N: Network<Scalar = T>,
    O: Optimizer<T>,
    M: Mode<O>,
{
    let network = size_of::<N>() + size_of::<TrainingWorkspace<N>>();
    if M::ACCUMULATES { network + size_of::<N::Gradient>() + size_of::<OptimizerState<N, O>>() } else { network }
}
