//! Stochastic gradient descent with momentum: `v ← μ v + (1 − d) (g + λ w)`; `w ← w − η v`.

use super::{Optimizer, Sgd, Update, compiled};
use crate::{Plain, Scalar, SettingError};

/// Stochastic gradient descent with momentum `μ`, as PyTorch's `SGD` has it; made by `Sgd::new(0.1).momentum(0.9)`.
///
/// - `g ← g + λ w`; `v ← μ v + (1 − d) g` (in the first update `v ← g`); `w ← w − η v`, or with Nesterov `w ← w − η (g + μ v)`.
/// - Source: Sutskever, Martens, Dahl, Hinton, *On the Importance of Initialization and Momentum in Deep Learning*, 2013; PyTorch's `SGD`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SgdMomentum {
    sgd: Sgd,
    momentum: f64,
    dampening: f64,
    nesterov: bool,
}

impl SgdMomentum {
    pub(super) const fn of(sgd: Sgd, momentum: f64) -> Self {
        Self { sgd, momentum, dampening: 0.0, nesterov: false }
    }

    /// With the rate `η` and the momentum `μ`.
    #[must_use]
    pub const fn new(learning_rate: f64, momentum: f64) -> Self {
        Self::of(Sgd::new(learning_rate), momentum)
    }

    /// Adds `decay · w` to the gradient.
    #[must_use]
    pub const fn weight_decay(self, decay: f64) -> Self {
        Self { sgd: self.sgd.weight_decay(decay), ..self }
    }

    /// Takes the share `dampening` off each new gradient.
    #[must_use]
    pub const fn dampening(self, dampening: f64) -> Self {
        Self { dampening, ..self }
    }

    /// Looks ahead along the momentum; not together with dampening.
    #[must_use]
    pub const fn nesterov(self) -> Self {
        Self { nesterov: true, ..self }
    }
}

compiled!(SgdMomentum);

impl<T: Scalar> Optimizer<T> for SgdMomentum {
    type State<G: Plain> = [G; 1];
    const NAME: &'static str = "SgdMomentum";
    compiled!();

    fn learning_rate(&self) -> f64 {
        self.sgd.learning_rate
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], v: &mut [T]) {
        let (rate, decay, momentum) = (T::from_f64(update.learning_rate), T::from_f64(self.sgd.weight_decay), T::from_f64(self.momentum));
        let fresh = T::from_f64(if update.step <= 1 { 1.0 } else { 1.0 - self.dampening });
        for ((w, g), v) in w.iter_mut().zip(gradient).zip(v) {
            let g = *g + decay * *w;
            *v = momentum * *v + fresh * g;
            *w -= rate * if self.nesterov { g + momentum * *v } else { *v };
        }
    }

    fn with_weight_decay(&self, decay: f64) -> Option<Self> {
        Some((*self).weight_decay(decay))
    }

    fn check(&self) -> Result<(), SettingError> {
        Optimizer::<T>::check(&self.sgd)?;
        SettingError::below_one("SgdMomentum", "momentum", self.momentum)?;
        SettingError::share("SgdMomentum", "dampening", self.dampening)?;
        let fits = !self.nesterov || self.dampening == 0.0;
        SettingError::unless(fits, "SgdMomentum", "dampening", self.dampening, "0 with `nesterov`")
    }
}
