//! Stochastic gradient descent: `w ← w − η (g + λ w)`.

use super::{Optimizer, SgdMomentum, Update, compiled};
use crate::{Plain, Scalar, SettingError};

/// Stochastic gradient descent: `w ← w − η (g + λ w)`, with the rate `η` and the weight decay `λ`; keeps no state.
///
/// Source: Robbins, Monro, *A Stochastic Approximation Method*, 1951; PyTorch's `SGD`.
///
/// ```
/// use nn_core::optimizer::Sgd;
///
/// const PLAIN: Sgd = Sgd::new(0.1);
/// let with_inertia = Sgd::new(0.1).momentum(0.9).nesterov(); // another type: it keeps a number per parameter
/// # let _ = (PLAIN, with_inertia);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    pub(super) learning_rate: f64,
    pub(super) weight_decay: f64,
}

impl Sgd {
    /// With the rate `η`; no weight decay.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, weight_decay: 0.0 }
    }

    /// Adds `decay · w` to the gradient.
    #[must_use]
    pub const fn weight_decay(self, decay: f64) -> Self {
        Self { weight_decay: decay, ..self }
    }

    /// With inertia `momentum`.
    #[must_use]
    pub const fn momentum(self, momentum: f64) -> SgdMomentum {
        SgdMomentum::of(self, momentum)
    }
}

impl Default for Sgd {
    /// PyTorch's rate: 0.001.
    fn default() -> Self {
        Self::new(1e-3)
    }
}

compiled!(Sgd);

impl<T: Scalar> Optimizer<T> for Sgd {
    type State<G: Plain> = ();
    const NAME: &'static str = "Sgd";
    compiled!();

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], _: &mut [T]) {
        let (rate, decay) = (T::from_f64(update.learning_rate), T::from_f64(self.weight_decay));
        for (w, g) in w.iter_mut().zip(gradient) {
            *w -= rate * (*g + decay * *w);
        }
    }

    fn with_weight_decay(&self, decay: f64) -> Option<Self> {
        Some((*self).weight_decay(decay))
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::not_negative("Sgd", "learning_rate", self.learning_rate)?;
        SettingError::not_negative("Sgd", "weight_decay", self.weight_decay)
    }
}
