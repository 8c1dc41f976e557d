//! Adagrad: `s ← s + g²`; `w ← w − η g / (√s + ε)`.

use super::{Optimizer, Update, compiled};
use crate::{Plain, Scalar, SettingError};

/// Steps that shrink with the sum of all squared gradients so far, for each parameter alone.
///
/// - `g ← g + λ w`; `s ← s + g²`; `w ← w − η / (1 + (step − 1) κ) · g / (√(s + s₀) + ε)`, with the rate's decay `κ` and the initial value `s₀`.
/// - Defaults: `η` = 0.01, `ε` = 10⁻¹⁰, all others 0.
/// - Source: Duchi, Hazan, Singer, *Adaptive Subgradient Methods*, 2011; PyTorch's `Adagrad`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad {
    learning_rate: f64,
    rate_decay: f64,
    weight_decay: f64,
    initial: f64,
    epsilon: f64,
}

impl Adagrad {
    /// With the rate `η`.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, rate_decay: 0.0, weight_decay: 0.0, initial: 0.0, epsilon: 1e-10 }
    }

    /// Divides the rate by `1 + (step − 1) · decay`.
    #[must_use]
    pub const fn learning_rate_decay(self, decay: f64) -> Self {
        Self { rate_decay: decay, ..self }
    }

    /// Adds `decay · w` to the gradient.
    #[must_use]
    pub const fn weight_decay(self, decay: f64) -> Self {
        Self { weight_decay: decay, ..self }
    }

    /// What the sum of squares starts from.
    #[must_use]
    pub const fn initial_accumulator(self, value: f64) -> Self {
        Self { initial: value, ..self }
    }

    /// What keeps the division from 0.
    #[must_use]
    pub const fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }
}

impl Default for Adagrad {
    fn default() -> Self {
        Self::new(1e-2)
    }
}

compiled!(Adagrad);

impl<T: Scalar> Optimizer<T> for Adagrad {
    type State<G: Plain> = [G; 1];
    const NAME: &'static str = "Adagrad";
    compiled!();

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], s: &mut [T]) {
        let past = update.step.saturating_sub(1) as f64;
        let rate = T::from_f64(update.learning_rate / (1.0 + past * self.rate_decay));
        let (decay, initial, epsilon) = (T::from_f64(self.weight_decay), T::from_f64(self.initial), T::from_f64(self.epsilon));
        for ((w, g), s) in w.iter_mut().zip(gradient).zip(s) {
            let g = *g + decay * *w;
            *s += g * g;
            *w -= rate * g / ((*s + initial).sqrt() + epsilon);
        }
    }

    fn with_weight_decay(&self, decay: f64) -> Option<Self> {
        Some((*self).weight_decay(decay))
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::not_negative("Adagrad", "learning_rate", self.learning_rate)?;
        SettingError::not_negative("Adagrad", "learning_rate_decay", self.rate_decay)?;
        SettingError::not_negative("Adagrad", "weight_decay", self.weight_decay)?;
        SettingError::not_negative("Adagrad", "initial_accumulator", self.initial)?;
        SettingError::not_negative("Adagrad", "epsilon", self.epsilon)
    }
}
