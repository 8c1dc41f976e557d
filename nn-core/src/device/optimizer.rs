//! An optimizer with its state, in place.
//!
//! An optimizer says its state as a type, `type State<G> = [G; 2]` over the gradient's. So it is an array in a `static`, and its size a
//! constant.

use core::fmt;

use crate::memory::runs::for_each_run;
use crate::optimizer::{Clip, Optimizer, Update, sum_of_squares};
use crate::{Network, Plain, plain};

/// An optimizer with what it keeps beside one network, in an array of its own: no heap, and a constant, so that it can be a `static`.
///
/// Settings that make no sense are found by [`Optimizer::check`], which nothing calls here: on a microcontroller they are constants.
pub struct OptimizerState<N: Network, O: Optimizer<N::Scalar>> {
    pub(super) state: O::State<N::Gradient>,
    optimizer: O,
    pub(super) step: u32,
}

impl<N: Network, O: Optimizer<N::Scalar>> OptimizerState<N, O> {
    /// Before the first update.
    #[must_use]
    pub const fn new(optimizer: O) -> Self {
        Self { state: Plain::ZEROED, optimizer, step: 0 }
    }

    /// One update with the optimizer's own rate.
    #[inline]
    pub fn update(&mut self, net: &mut N, gradient: &N::Gradient) {
        self.update_at(net, gradient, self.optimizer.learning_rate());
    }

    /// One update with another rate, as a schedule gives it.
    #[inline]
    pub fn update_at(&mut self, net: &mut N, gradient: &N::Gradient, learning_rate: f64) {
        self.step = self.step.saturating_add(1);
        let update = Update { learning_rate, step: self.step.into() };
        let Self { state, optimizer, .. } = self;
        let mut done = 0;
        for_each_run::<N>(
            #[inline(always)]
            |run| {
                let at = O::SLOTS * done * size_of::<N::Scalar>();
                let state = plain::part_mut(state, at, O::SLOTS * run.len);
                if let (Some(w), Some(gradient), Some(state)) = (run.parameters_mut(net), run.gradients::<N>(gradient), state) {
                    optimizer.update(update, w, gradient, state);
                }
                done += run.len;
            },
        );
    }

    /// √Σ g² over all parameters.
    #[must_use]
    pub fn norm(gradient: &N::Gradient) -> f64 {
        let mut squares = 0.0;
        for_each_run::<N>(|run| squares += run.gradients::<N>(gradient).map_or(0.0, sum_of_squares));
        crate::math::f64::sqrt(squares)
    }

    /// Limits the gradient, by value or by norm.
    pub fn clip(clip: Clip, gradient: &mut N::Gradient) {
        let norm = if matches!(clip, Clip::Norm(_)) { Self::norm(gradient) } else { 0.0 };
        for_each_run::<N>(|run| {
            if let Some(gradient) = run.gradients_mut::<N>(gradient) {
                clip.apply(norm, gradient);
            }
        });
    }

    /// Multiplies the gradient: by `1 / n`, to make the mean of the sum over `n` samples.
    pub fn scale(gradient: &mut N::Gradient, factor: N::Scalar) {
        for_each_run::<N>(|run| {
            for g in run.gradients_mut::<N>(gradient).unwrap_or_default() {
                *g *= factor;
            }
        });
    }

    /// How many updates were made.
    #[must_use]
    pub fn updates(&self) -> u32 {
        self.step
    }
}

impl<N: Network, O: Optimizer<N::Scalar>> fmt::Debug for OptimizerState<N, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {} after {} updates", self.optimizer, N::NAME, self.step)
    }
}
