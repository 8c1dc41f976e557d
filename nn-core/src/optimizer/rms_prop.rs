//! RMSprop: `s ← α s + (1 − α) g²`; `w ← w − η g / (√s + ε)`.

use super::{Optimizer, Update, compiled, two_slots};
use crate::{Plain, Scalar, SettingError};

/// Steps relative to the recent gradients' root mean square.
///
/// - `g ← g + λ w`; `s ← α s + (1 − α) g²`; `w ← w − η g / (√s + ε)`.
/// - Defaults: `η` = 0.01, `α` = 0.99, `ε` = 10⁻⁸, `λ` = 0.
/// - Source: Tieleman, Hinton, *Neural Networks for Machine Learning*, lecture 6.5, 2012; PyTorch's `RMSprop`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    learning_rate: f64,
    alpha: f64,
    epsilon: f64,
    weight_decay: f64,
}

impl RmsProp {
    /// With the rate `η`.
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, alpha: 0.99, epsilon: 1e-8, weight_decay: 0.0 }
    }

    /// How much of the mean square stays in each update.
    #[must_use]
    pub const fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// What keeps the division from 0.
    #[must_use]
    pub const fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    /// Adds `decay · w` to the gradient.
    #[must_use]
    pub const fn weight_decay(self, decay: f64) -> Self {
        Self { weight_decay: decay, ..self }
    }

    /// With inertia `momentum`.
    #[must_use]
    pub const fn momentum(self, momentum: f64) -> RmsPropMomentum {
        RmsPropMomentum { rms: self, momentum }
    }

    /// `s ← α s + (1 − α) g²`; returns `g / (√s + ε)`.
    #[inline]
    fn direction<T: Scalar>(alpha: T, fresh: T, epsilon: T, g: T, s: &mut T) -> T {
        *s = alpha * *s + fresh * g * g;
        g / (s.sqrt() + epsilon)
    }
}

impl Default for RmsProp {
    fn default() -> Self {
        Self::new(1e-2)
    }
}

compiled!(RmsProp);

impl<T: Scalar> Optimizer<T> for RmsProp {
    type State<G: Plain> = [G; 1];
    const NAME: &'static str = "RmsProp";
    compiled!();

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], s: &mut [T]) {
        let (rate, decay, epsilon) = (T::from_f64(update.learning_rate), T::from_f64(self.weight_decay), T::from_f64(self.epsilon));
        let (alpha, fresh) = (T::from_f64(self.alpha), T::from_f64(1.0 - self.alpha));
        for ((w, g), s) in w.iter_mut().zip(gradient).zip(s) {
            *w -= rate * Self::direction(alpha, fresh, epsilon, *g + decay * *w, s);
        }
    }

    fn with_weight_decay(&self, decay: f64) -> Option<Self> {
        Some((*self).weight_decay(decay))
    }

    fn check(&self) -> Result<(), SettingError> {
        SettingError::not_negative("RmsProp", "learning_rate", self.learning_rate)?;
        SettingError::below_one("RmsProp", "alpha", self.alpha)?;
        SettingError::not_negative("RmsProp", "epsilon", self.epsilon)?;
        SettingError::not_negative("RmsProp", "weight_decay", self.weight_decay)
    }
}

/// [`RmsProp`] with momentum: `v ← μ v + g / (√s + ε)`; `w ← w − η v`; made by `RmsProp::new(0.01).momentum(0.9)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsPropMomentum {
    rms: RmsProp,
    momentum: f64,
}

compiled!(RmsPropMomentum);

impl<T: Scalar> Optimizer<T> for RmsPropMomentum {
    type State<G: Plain> = [G; 2];
    const NAME: &'static str = "RmsPropMomentum";
    compiled!();

    fn learning_rate(&self) -> f64 {
        self.rms.learning_rate
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn update(&self, update: Update, w: &mut [T], gradient: &[T], state: &mut [T]) {
        let RmsProp { alpha, epsilon, weight_decay, .. } = self.rms;
        let (rate, decay, epsilon) = (T::from_f64(update.learning_rate), T::from_f64(weight_decay), T::from_f64(epsilon));
        let (alpha, fresh, momentum) = (T::from_f64(alpha), T::from_f64(1.0 - alpha), T::from_f64(self.momentum));
        let (s, v) = two_slots(state, w.len());
        for (((w, g), s), v) in w.iter_mut().zip(gradient).zip(s).zip(v) {
            *v = momentum * *v + RmsProp::direction(alpha, fresh, epsilon, *g + decay * *w, s);
            *w -= rate * *v;
        }
    }

    fn with_weight_decay(&self, decay: f64) -> Option<Self> {
        Some(Self { rms: self.rms.weight_decay(decay), ..*self })
    }

    fn check(&self) -> Result<(), SettingError> {
        Optimizer::<T>::check(&self.rms)?;
        SettingError::below_one("RmsProp", "momentum", self.momentum)
    }
}
