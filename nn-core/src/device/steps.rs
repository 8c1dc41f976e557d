//! The steps: online, and the gradient of one sample more.
//!
//! # Why a step in place is a pass of its own
//!
//! `Layer::descend` is `backward` that updates a layer's parameters as soon as its `dx` is known, so that no gradient is ever in
//! memory. Both bodies come from the same list of steps. It is generic like all passes, so programs that do not call it do not compile
//! it. Layers of one's own get a gradient of their own size on the tape. A mark on the type, `Learning`, says who may: a `BatchNorm`
//! that is not frozen makes a network `LearnsInBatches`.
//!
//! `step_online`, `gradient`, and `…_from`, which take the output's own gradient and give the input's, are not called `backward`,
//! because `Layer` has that. A loss that is not finite changes nothing: on a device nobody reloads the weights that one bad sample
//! spoilt.

use core::slice;

use super::state::{self, RestoreError, StateError};
use super::{Stepwise, TrainingWorkspace};
use crate::loss::Loss;
use crate::network::is_tiny;
use crate::{LearnsAlone, Network, One, Scalar, Simd, Tensor};
use crate::{Task, dispatch_with};

/// Training without a heap, for every network that learns from one sample at a time; for every network inference in steps, and state that outlives
/// the power.
pub trait OnDevice: Network {
    /// Bytes of the network's state, as [`OnDevice::save_state`] writes it.
    const STATE_BYTES: usize = state::bytes::<Self>();

    /// One step of stochastic gradient descent on one sample, where the weights lie: `w ← w − η ∂ℓ/∂w`; returns `ℓ` as it was before.
    ///
    /// `ℓ` and its gradient are the loss's own for one sample: a class's weight counts, a mean over a batch has no meaning. A loss that is not
    /// finite changes nothing. The target must be one that the loss takes, as [`Loss::check_target`] tells: here nobody asks.
    #[inline]
    fn step_online<T, L, R>(
        &mut self,
        x: &Self::Input,
        target: &T,
        loss: &L,
        learning_rate: R,
        work: &mut TrainingWorkspace<Self>,
    ) -> Self::Scalar
    where
        Self::Learning: LearnsAlone,
        L: Loss<Self::Kind, Self::Output, T>,
        R: PlainSgd<Self::Scalar>,
    {
        self.step_online_from(
            x,
            #[inline(always)]
            |y, dy| {
                let loss = loss.gradient(y, target, dy);
                (loss.is_finite(), loss)
            },
            None,
            learning_rate,
            work,
        )
    }

    /// As [`OnDevice::step_online`], from the output's own gradient: `output_gradient` sees `y` and overwrites `dy = ∂L/∂y`. What it returns
    /// first says whether to make the step; what it returns second is returned. `dx`, where it is given, is overwritten with `∂L/∂x`.
    ///
    /// For losses that are none of samples: reinforcement learning, or a network whose output another network takes.
    #[inline]
    fn step_online_from<F, A, R>(
        &mut self,
        x: &Self::Input,
        output_gradient: F,
        dx: Option<&mut Self::Input>,
        learning_rate: R,
        work: &mut TrainingWorkspace<Self>,
    ) -> A
    where
        Self::Learning: LearnsAlone,
        F: FnOnce(&Self::Output, &mut Self::Output) -> (bool, A),
        R: PlainSgd<Self::Scalar>,
    {
        dispatch_with::<Self::Portable, _>(work.kernels, Step { net: self, x, output_gradient, dx, rate: learning_rate.rate(), work })
    }

    /// Adds one sample's gradient: `g ← g + ∂ℓ/∂w`; returns `ℓ`.
    ///
    /// `gradient` begins as [`Plain::ZEROED`](crate::Plain::ZEROED), and again after each update ([`clear`](crate::Plain::clear)). It is a sum:
    /// for a mean over samples, divide it ([`OptimizerState::scale`](super::OptimizerState::scale)). A loss that is not finite adds
    /// nothing. The target must be one that the loss takes, as for [`OnDevice::step_online`].
    #[inline]
    fn gradient<T, L>(
        &self,
        x: &Self::Input,
        target: &T,
        loss: &L,
        gradient: &mut Self::Gradient,
        work: &mut TrainingWorkspace<Self>,
    ) -> Self::Scalar
    where
        Self::Learning: LearnsAlone,
        L: Loss<Self::Kind, Self::Output, T>,
    {
        self.gradient_from(
            x,
            #[inline(always)]
            |y, dy| {
                let loss = loss.gradient(y, target, dy);
                (loss.is_finite(), loss)
            },
            None,
            gradient,
            work,
        )
    }

    /// As [`OnDevice::gradient`], from the output's own gradient, as [`OnDevice::step_online_from`] has it.
    #[inline]
    fn gradient_from<F, A>(
        &self,
        x: &Self::Input,
        output_gradient: F,
        dx: Option<&mut Self::Input>,
        gradient: &mut Self::Gradient,
        work: &mut TrainingWorkspace<Self>,
    ) -> A
    where
        Self::Learning: LearnsAlone,
        F: FnOnce(&Self::Output, &mut Self::Output) -> (bool, A),
    {
        dispatch_with::<Self::Portable, _>(work.kernels, AddGradient { net: self, x, output_gradient, dx, gradient, work })
    }

    /// Inference layer by layer, for firmware that must do something in between: a layer is run by each [`Stepwise::advance`]. It has the bits of
    /// [`Network::predict`], and its memory.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use nn_core::prelude::*;
    ///
    /// network! {
    ///     struct Net: [2] -> [1] {
    ///         hidden: Dense(8),
    ///         Tanh,
    ///         out: Dense(1),
    ///     }
    /// }
    ///
    /// # fn poll() {}
    /// let (net, mut y, mut workspace) = (Net::zeros(), [0.0], Scratch::NEW);
    /// let mut run = net.stepwise(&[0.5, -1.0], &mut y, &mut workspace);
    /// while run.advance() {
    ///     poll(); // the radio, a watchdog
    /// }
    /// assert_eq!(run.output(), Some(&[0.0]));
    /// # }
    /// ```
    #[inline]
    fn stepwise<'a>(&'a self, x: &'a Self::Input, y: &'a mut Self::Output, workspace: &'a mut Self::Workspace<One>) -> Stepwise<'a, Self> {
        Stepwise::new(self, x, y, workspace)
    }

    /// Writes all parameters and running statistics, with a header that knows them again, to storage of the caller's own. The
    /// same bytes on every machine with the lowest byte first.
    ///
    /// # Errors
    /// [`StateError::Room`] where there are fewer than [`STATE_BYTES`](Self::STATE_BYTES).
    fn save_state(&self, bytes: &mut [u8]) -> Result<(), StateError> {
        state::save(self, bytes)
    }

    /// Reads what [`OnDevice::save_state`] wrote.
    ///
    /// # Errors
    /// Says why the bytes were refused: torn, foreign, older or newer, or no state at all. Nothing is changed then.
    fn restore_state(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        state::restore(self, bytes)
    }

    /// As [`OnDevice::save_state`], to storage that is written in pages: `write` gets each page's offset and its bytes, one page after another;
    /// the last is filled up with `0xff`. `page` is the memory in which they are put together.
    ///
    /// # Errors
    /// The storage's own.
    fn save_state_in_pages<const PAGE: usize, E>(
        &self,
        page: &mut [u8; PAGE],
        write: impl FnMut(usize, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        const { assert!(PAGE > 0, "a page has at least one byte") };
        state::save_in_pages(self, page, write)
    }

    /// As [`OnDevice::restore_state`], from storage that cannot be seen as memory: `read` fills bytes from an offset. It is read twice, first to
    /// see that it is whole.
    ///
    /// # Errors
    /// As [`OnDevice::restore_state`], or the storage's own.
    fn restore_state_from<E>(&mut self, read: impl FnMut(usize, &mut [u8]) -> Result<(), E>) -> Result<(), RestoreError<E>> {
        state::restore_from(self, read)
    }
}

impl<N: Network> OnDevice for N {}

/// The rate of plain stochastic gradient descent, which is all that online training is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the rate of an online step in `{T}`",
    label = "an online step takes the learning rate alone, a number: `0.01`",
    note = "online training is plain stochastic gradient descent on one sample: it has no memory for momentum, and no gradient to decay, clip or sum up over a batch",
    note = "for an optimizer, weight decay, clipping or a batch, add gradients up: `net.gradient(…)`, then `OptimizerState::new(optimizer).update(…)`"
)]
pub trait PlainSgd<T> {
    /// The rate.
    fn rate(self) -> T;
}

impl PlainSgd<f32> for f32 {
    #[inline]
    fn rate(self) -> f32 {
        self
    }
}

impl PlainSgd<f64> for f64 {
    #[inline]
    fn rate(self) -> f64 {
        self
    }
}

/// Forward, the output's gradient, and back with the update.
struct Step<'a, N: Network, F> {
    net: &'a mut N,
    x: &'a N::Input,
    output_gradient: F,
    dx: Option<&'a mut N::Input>,
    rate: N::Scalar,
    work: &'a mut TrainingWorkspace<N>,
}

impl<N: Network, A, F: FnOnce(&N::Output, &mut N::Output) -> (bool, A)> Task for Step<'_, N, F> {
    type Output = A;
    const TINY: bool = is_tiny::<N>();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) -> A {
        let Self { net, x, output_gradient, dx, rate, work } = self;
        let (x, pass) = (slice::from_ref(x), work.next_pass());
        let TrainingWorkspace { tape, y, dy, .. } = work;
        net.forward::<S, One>(s, pass, x, y, tape);
        let (is_sound, answer) = output_gradient(&y[0], &mut dy[0]);
        if is_sound {
            net.descend::<S, One>(s, pass, x, y, dy, dx.map(slice::from_mut), tape, rate);
        } else if let Some(dx) = dx {
            dx.flat_mut().fill(N::Scalar::ZERO);
        }
        answer
    }
}

/// Forward, the output's gradient, and back to the parameters' gradient.
struct AddGradient<'a, N: Network, F> {
    net: &'a N,
    x: &'a N::Input,
    output_gradient: F,
    dx: Option<&'a mut N::Input>,
    gradient: &'a mut N::Gradient,
    work: &'a mut TrainingWorkspace<N>,
}

impl<N: Network, A, F: FnOnce(&N::Output, &mut N::Output) -> (bool, A)> Task for AddGradient<'_, N, F> {
    type Output = A;
    const TINY: bool = is_tiny::<N>();

    #[inline(always)]
    fn run<S: Simd>(self, s: S) -> A {
        let Self { net, x, output_gradient, dx, gradient, work } = self;
        let (x, pass) = (slice::from_ref(x), work.next_pass());
        let TrainingWorkspace { tape, y, dy, .. } = work;
        net.forward::<S, One>(s, pass, x, y, tape);
        let (is_sound, answer) = output_gradient(&y[0], &mut dy[0]);
        if is_sound {
            net.backward::<S, One>(s, pass, x, y, dy, dx.map(slice::from_mut), tape, Some(gradient));
        } else if let Some(dx) = dx {
            dx.flat_mut().fill(N::Scalar::ZERO);
        }
        answer
    }
}
