//! Adam: `m ← β₁ m + (1 − β₁) g`; `v ← β₂ v + (1 − β₂) g²`; `w ← w − η m̂ / (√v̂ + ε)`.

use super::{Optimizer, Update, compiled, power, two_slots};
use crate::{Plain, Scalar, SettingError};

/// Momentum and relative step sizes, both corrected for starting at 0.
///
/// - `g ← g + λ w`; `m ← β₁ m + (1 − β₁) g`; `v ← β₂ v + (1 − β₂) g²`; `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)` in update `t`;
///   `w ← w − η m̂ / (√v̂ + ε)`.
/// - Defaults: `η` = 0.001, `β₁` = 0.9, `β₂` = 0.999, `ε` = 10⁻⁸, `λ` = 0.
/// - Source: Kingma, Ba, *Adam: A Method for Stochastic Optimization*, 2015; PyTorch's `Adam`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    pub(super) learning_rate: f64,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    pub(super) weight_decay: f64,
}

impl Adam {
    /// With the rate `η`.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.0 }
    }

    /// How much of the mean gradient stays in each update.
    #[must_use]
    pub const fn beta1(self, beta1: f64) -> Self {
        Self { beta1, ..self }
    }

    /// How much of the mean squared gradient stays in each update.
    #[must_use]
    pub const fn beta2(self, beta2: f64) -> Self {
        Self { beta2, ..self }
    }

    /// What keeps the division from 0.
    #[must_use]
    pub const fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    /// Adds `decay · w` to the gradient; [`AdamW`](super::AdamW) keeps decay apart from it.
    #[must_use]
    pub const fn weight_decay(self, decay: f64) -> Self {
        Self { weight_decay: decay, ..self }
    }

    /// The update, with `decay` in the gradient and `w` multiplied by `keep` before it.
    #[inline(always)] // compiled for the caller's instruction set
    pub(super) fn step<T: Scalar>(self, update: Update, decay: f64, keep: f64, w: &mut [T], gradient: &[T], state: &mut [T]) {
        let t = update.step.max(1);
        // w ← w − (η / (1 − β₁ᵗ)) m / (√v / root + ε), with both sides of the fraction multiplied by root: one division a parameter less.
        let root = Scalar::sqrt(1.0 - power(self.beta2, t));
        let rate = T::from_f64(update.learning_rate / (1.0 - power(self.beta1, t)) * root);
        let (fresh1, beta2, fresh2) = (T::from_f64(1.0 - self.beta1), T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let (decay, keep, epsilon) = (T::from_f64(decay), T::from_f64(keep), T::from_f64(self.epsilon * root));
        let (m, v) = two_slots(state, w.len());
        for (((w, g), m), v) in w.iter_mut().zip(gradient).zip(m).zip(v) {
            let g = *g + decay * *w;
            *m += fresh1 * (g - *m);
            *v = beta2 * *v + fresh2 * g * g;
            *w = keep * *w - rate * *m / (v.sqrt() + epsilon);
        }
    }

    pub(super) fn check_as(&self, of: &'static str) -> Result<(), SettingError> {
        SettingError::not_negative(of, "learning_rate", self.learning_rate)?;
        SettingError::below_one(of, "beta1", self.beta1)?;
        SettingError::below_one(of, "beta2", self.beta2)?;
        SettingError::not_negative(of, "epsilon", self.epsilon)?;
        SettingError::not_negative(of, "weight_decay", self.weight_decay)
    }
}

impl Default for Adam {
    fn default() -> Self {
        Self::new(1e-3)
    }
}

compiled!(Adam);

impl<T: Scalar> Optimizer<T> for Adam {
    type State<G: Plain> = [G; 2];
    const NAME: &'static str = "Adam";
    compiled!();

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]) {
        self.step(update, self.weight_decay, 1.0, w, gradient, state);
    }

    fn with_weight_decay(&self, decay: f64) -> Option<Self> {
        Some((*self).weight_decay(decay))
    }

    fn check(&self) -> Result<(), SettingError> {
        self.check_as("Adam")
    }
}
