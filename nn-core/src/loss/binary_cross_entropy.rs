//! Binary cross-entropy on logits: `ℓ = −1/N Σᵢ (tᵢ ln pᵢ + (1 − tᵢ) ln(1 − pᵢ))` with `p = σ(y)`; `dyᵢ = (pᵢ − tᵢ) / N`.

use super::{Element, IsLogits, Loss, TargetError, Values, check_values, mean_gradient, mean_of};
use crate::{Scalar, Tensor};

/// Sigmoid and binary cross-entropy in one, on logits: each output is a yes-or-no question of its own.
///
/// - `ℓ = −1/N Σᵢ (tᵢ ln pᵢ + (1 − tᵢ) ln(1 − pᵢ))` with `p = σ(y)`: the mean over elements and samples, as PyTorch's `BCEWithLogitsLoss`
///   takes it.
/// - Fits outputs without an activation; targets: 0 to 1 in the output's shape, `bool`s, `Class<2>` for one output.
/// - `dyᵢ = (pᵢ − tᵢ) / N`.
/// - Computed as `max(y, 0) − y t + ln(1 + exp(−|y|))`, which neither overflows nor loses small losses.
#[derive(Clone, Copy, Debug, Default)]
pub struct BinaryCrossEntropy;

#[inline]
fn element<T: Scalar>(y: T, t: T) -> Element<T> {
    let e = (-y.abs()).exp(); // in (0, 1]
    let loss = if y > T::ZERO { y * (T::ONE - t) } else { -(y * t) } + e.ln_1p();
    let p = if y > T::ZERO { T::ONE } else { e } / (T::ONE + e);
    Element { loss, slope: p - t }
}

impl<K: IsLogits, Y: Tensor, V: Values<Y>> Loss<K, Y, V> for BinaryCrossEntropy {
    #[inline]
    fn loss(&self, y: &Y, target: &V) -> Y::Scalar {
        mean_of(y, target, element)
    }
    #[inline]
    fn gradient(&self, y: &Y, target: &V, dy: &mut Y) -> Y::Scalar {
        mean_gradient(y, target, dy, element)
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_values::<Y, V>("BinaryCrossEntropy", target, "0 to 1, the probability of a yes (−1 and 1 are for `Hinge`)", |value| {
            (0.0..=1.0).contains(&value)
        })
    }
}
