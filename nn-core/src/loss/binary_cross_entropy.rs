//! Binary cross-entropy on logits: `ℓ = −1/N Σᵢ (tᵢ ln pᵢ + (1 − tᵢ) ln(1 − pᵢ))` with `p = σ(y)`; `dyᵢ = (pᵢ − tᵢ) / N`.
//!
//! With weights `w` of the labels and `a` of a yes: `ℓ = −1/N Σᵢ wᵢ (aᵢ tᵢ ln pᵢ + (1 − tᵢ) ln(1 − pᵢ))`;
//! `dyᵢ = wᵢ ((1 − tᵢ) pᵢ − aᵢ tᵢ (1 − pᵢ)) / N`.

use super::{ClassWeights, Element, IsLogits, Loss, Meaning, TargetError, Values, check_values, mean_gradient, mean_of, per_element};
use crate::{Scalar, SettingError, Tensor};

/// Sigmoid and binary cross-entropy in one, on logits: each output is a yes-or-no question of its own.
///
/// - `ℓ = −1/N Σᵢ (tᵢ ln pᵢ + (1 − tᵢ) ln(1 − pᵢ))` with `p = σ(y)`: the mean over elements and samples, as PyTorch's `BCEWithLogitsLoss`
///   takes it.
/// - Fits outputs without an activation; targets: 0 to 1 in the output's shape, `bool`s, `Class<2>` for one output.
/// - `dyᵢ = (pᵢ − tᵢ) / N`.
/// - Computed as `max(y, 0) − y t + ln(1 + exp(−|y|))`, which neither overflows nor loses small losses.
/// - [`BinaryCrossEntropy::pos_weight`] and [`BinaryCrossEntropy::label_weights`] as PyTorch's `pos_weight` and `weight`.
///
/// ```
/// use nn_core::Real;
/// use nn_core::loss::{BinaryCrossEntropy, Loss};
///
/// // Of the second label there are nine no for each yes; the first counts half.
/// let rare = BinaryCrossEntropy.pos_weight([1.0, 9.0]).label_weights([0.5, 1.0]);
/// let loss: f64 = Loss::<Real, _, _>::loss(&rare, &[0.0, 0.0], &[true, true]);
/// assert!((loss - 2.0_f64.ln() * (0.5 + 9.0) / 2.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct BinaryCrossEntropy;

impl BinaryCrossEntropy {
    /// Counts a yes of label `i` `weights[i]` times, a no once: above 1 finds more of the yes, below 1 is more often right about them. Usual is
    /// the number of no for each yes in the training data.
    #[must_use]
    pub const fn pos_weight<const N: usize>(self, weights: [f64; N]) -> BinaryCrossEntropyWith<[f64; N]> {
        BinaryCrossEntropyWith { pos_weight: weights, label_weights: () }
    }

    /// Counts label `i` `weights[i]` times, whatever the answer. The mean divides by the number of labels and not by the weights' sum, as in
    /// PyTorch.
    #[must_use]
    pub const fn label_weights<const N: usize>(self, weights: [f64; N]) -> BinaryCrossEntropyWith<(), [f64; N]> {
        BinaryCrossEntropyWith { pos_weight: (), label_weights: weights }
    }
}

/// [`BinaryCrossEntropy`] with weights: `ℓ = −1/N Σᵢ wᵢ (aᵢ tᵢ ln pᵢ + (1 − tᵢ) ln(1 − pᵢ))`, with `w` of the labels and `a` of a yes.
///
/// - Fits outputs `[T; N]` without an activation; targets as [`BinaryCrossEntropy`]'s.
/// - `dyᵢ = wᵢ ((1 − tᵢ) pᵢ − aᵢ tᵢ (1 − pᵢ)) / N`.
/// - All weights must be finite and at least 0, and some label's above 0.
#[derive(Clone, Copy, Debug)]
pub struct BinaryCrossEntropyWith<A = (), W = ()> {
    pos_weight: A,
    label_weights: W,
}

impl<A: Copy, W: Copy> BinaryCrossEntropyWith<A, W> {
    /// As [`BinaryCrossEntropy::pos_weight`].
    #[must_use]
    pub const fn pos_weight<const N: usize>(self, weights: [f64; N]) -> BinaryCrossEntropyWith<[f64; N], W> {
        BinaryCrossEntropyWith { pos_weight: weights, label_weights: self.label_weights }
    }

    /// As [`BinaryCrossEntropy::label_weights`].
    #[must_use]
    pub const fn label_weights<const N: usize>(self, weights: [f64; N]) -> BinaryCrossEntropyWith<A, [f64; N]> {
        BinaryCrossEntropyWith { pos_weight: self.pos_weight, label_weights: weights }
    }

    #[inline]
    fn element<T: Scalar, const N: usize>(&self, i: usize, y: T, t: T) -> Element<T>
    where
        A: ClassWeights<N>,
        W: ClassWeights<N>,
    {
        let yes = T::from_f64(self.pos_weight.of(i)) * t;
        let no = T::ONE - t;
        let weight = T::from_f64(self.label_weights.of(i));
        let e = (-y.abs()).exp(); // in (0, 1]
        let (p, q) = if y > T::ZERO { (T::ONE, e) } else { (e, T::ONE) };
        let (p, q) = (p / (T::ONE + e), q / (T::ONE + e));
        let loss = if y > T::ZERO { y * no } else { -(y * yes) } + (no + yes) * e.ln_1p();
        Element { loss: weight * loss, slope: weight * (no * p - yes * q) }
    }
}

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
    fn meaning(&self) -> Meaning {
        Meaning::YesOrNo { even: 0.5 }
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_answers::<Y, V>(target)
    }
}

fn check_answers<Y: Tensor, V: Values<Y>>(target: &V) -> Result<(), TargetError> {
    check_values::<Y, V>("BinaryCrossEntropy", target, "0 to 1, the probability of a yes (−1 and 1 are for `Hinge`)", |value| {
        (0.0..=1.0).contains(&value)
    })
}

impl<K: IsLogits, T: Scalar, V: Values<[T; N]>, A: ClassWeights<N>, W: ClassWeights<N>, const N: usize> Loss<K, [T; N], V>
    for BinaryCrossEntropyWith<A, W>
{
    #[inline]
    fn loss(&self, y: &[T; N], target: &V) -> T {
        let mut sum = T::ZERO;
        for (i, (y, t)) in y.iter().zip(target.values()).enumerate() {
            sum += self.element(i, *y, t).loss;
        }
        sum * per_element::<[T; N]>()
    }
    #[inline]
    fn gradient(&self, y: &[T; N], target: &V, dy: &mut [T; N]) -> T {
        let mut sum = T::ZERO;
        for (i, ((y, t), dy)) in y.iter().zip(target.values()).zip(dy).enumerate() {
            let element = self.element(i, *y, t);
            sum += element.loss;
            *dy = element.slope * per_element::<[T; N]>();
        }
        sum * per_element::<[T; N]>()
    }
    fn meaning(&self) -> Meaning {
        Meaning::YesOrNo { even: 0.5 }
    }
    fn check(&self) -> Result<(), SettingError> {
        const LOSS: &str = "BinaryCrossEntropy";
        for i in 0..N {
            SettingError::not_negative(LOSS, "pos_weight", self.pos_weight.of(i))?;
            SettingError::not_negative(LOSS, "label weight", self.label_weights.of(i))?;
        }
        SettingError::positive(LOSS, "sum of label weights", (0..N).map(|i| self.label_weights.of(i)).sum())
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_answers::<[T; N], V>(target)
    }
}
