//! Binary cross-entropy on probabilities: `ℓ = −1/N Σᵢ (tᵢ ln yᵢ + (1 − tᵢ) ln(1 − yᵢ))`; `dyᵢ = 1/N (yᵢ − tᵢ) / (yᵢ (1 − yᵢ))`.

use super::{Element, IsBernoulli, Loss, Meaning, TargetError, Values, check_values, mean_gradient, mean_of};
use crate::{Scalar, Tensor};

/// Binary cross-entropy after `Sigmoid`. [`BinaryCrossEntropy`](super::BinaryCrossEntropy) on logits is the more exact way to the same loss.
///
/// - `ℓ = −1/N Σᵢ (tᵢ ln yᵢ + (1 − tᵢ) ln(1 − yᵢ))`: the mean over elements and samples, as PyTorch's `BCELoss` takes it. Like there,
///   logarithms are held above −100 and the slope's denominator above 10⁻¹², so that a sure mistake costs 100 and not infinity.
/// - Fits outputs of `Sigmoid`; targets: 0 to 1 in the output's shape, `bool`s, `Class<2>` for one output.
/// - `dyᵢ = 1/N (yᵢ − tᵢ) / (yᵢ (1 − yᵢ))`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BinaryCrossEntropyOfProbabilities;

/// `ln x`, but at least −100; NaN stays NaN.
#[inline]
fn bounded<T: Scalar>(ln: T) -> T {
    let least = T::from_f64(-100.0);
    if ln < least { least } else { ln }
}

#[inline]
fn element<T: Scalar>(y: T, t: T) -> Element<T> {
    let no = T::ONE - y;
    let loss = -(t * bounded(y.ln()) + (T::ONE - t) * bounded((-y).ln_1p()));
    let (both, least) = (y * no, T::from_f64(1e-12));
    Element { loss, slope: (y - t) / if both < least { least } else { both } }
}

impl<K: IsBernoulli, Y: Tensor, V: Values<Y>> Loss<K, Y, V> for BinaryCrossEntropyOfProbabilities {
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
        check_values::<Y, V>(
            "BinaryCrossEntropyOfProbabilities",
            target,
            "0 to 1, the probability of a yes (−1 and 1 are for `Hinge`)",
            |value| (0.0..=1.0).contains(&value),
        )
    }
}
