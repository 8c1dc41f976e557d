//! Huber's loss, with `e = y − t`: `½ e²` where `|e| ≤ δ`, else `δ (|e| − ½ δ)`; the slope is `e`, held within `[−δ, δ]`.

use super::{Element, FINITE, Loss, TargetError, Values, check_values, mean_gradient, mean_of};
use crate::{Kind, Scalar, SettingError, Tensor};

/// Squared near the target, absolute farther away than `δ`: `Huber(1.0)`; the default is `δ = 1`.
///
/// - With `e = y − t`: `½ e²` where `|e| ≤ δ`, else `δ (|e| − ½ δ)`; the mean over elements and samples, as PyTorch's `HuberLoss` takes it.
/// - Fits every output; targets: the output's shape (see [`Values`] for what else one number takes).
/// - `dyᵢ = 1/N eᵢ`, with `eᵢ` held within `[−δ, δ]`.
/// - `δ` must be above 0.
/// - Source: Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics, 1964.
#[derive(Clone, Copy, Debug)]
pub struct Huber(pub f64);

impl Default for Huber {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Huber {
    #[inline]
    fn element<T: Scalar>(self, y: T, t: T) -> Element<T> {
        let (error, delta, half) = (y - t, T::from_f64(self.0), T::from_f64(0.5));
        if error.abs() <= delta {
            return Element { loss: half * error * error, slope: error };
        }
        // Written so that NaN stays NaN.
        Element { loss: delta * (error.abs() - half * delta), slope: if error < T::ZERO { -delta } else { delta } }
    }
}

impl<K: Kind, Y: Tensor, V: Values<Y>> Loss<K, Y, V> for Huber {
    #[inline]
    fn loss(&self, y: &Y, target: &V) -> Y::Scalar {
        mean_of(y, target, |y, t| self.element(y, t))
    }
    #[inline]
    fn gradient(&self, y: &Y, target: &V, dy: &mut Y) -> Y::Scalar {
        mean_gradient(y, target, dy, |y, t| self.element(y, t))
    }
    fn check(&self) -> Result<(), SettingError> {
        SettingError::positive("Huber", "delta", self.0)
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_values::<Y, V>("Huber", target, FINITE, f64::is_finite)
    }
}
