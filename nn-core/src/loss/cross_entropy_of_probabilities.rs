//! Cross-entropy on probabilities: `ℓ = −Σ_c t_c ln y_c`; `dy_c = −t_c / y_c`.

use super::{Distribution, IsProbabilities, Loss, Meaning, TargetError, check_distribution};
use crate::Scalar;

/// Probabilities below this count as this, so that a sure mistake costs 69 and not infinity.
const SMALLEST: f64 = 1e-30;

/// Cross-entropy after `Softmax`. [`CrossEntropy`](super::CrossEntropy) on logits is the more exact way to the same loss.
///
/// - `ℓ = −Σ_c t_c ln y_c`; probabilities below 10⁻³⁰ count as 10⁻³⁰.
/// - Fits outputs `[T; N]` of `Softmax`; targets: `Class<N>`, or probabilities `[T; N]`.
/// - `dy_c = −t_c / y_c`; through softmax that becomes `dz = y − t`.
/// - Source: Goodfellow, Bengio, Courville, *Deep Learning*, §3.13.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropyOfProbabilities;

/// `y`, but at least [`SMALLEST`]; NaN stays NaN.
#[inline]
fn at_least_smallest<T: Scalar>(y: T) -> T {
    let smallest = T::from_f64(SMALLEST);
    if y < smallest { smallest } else { y }
}

impl<K: IsProbabilities, T: Scalar, D: Distribution<T, N>, const N: usize> Loss<K, [T; N], D> for CrossEntropyOfProbabilities {
    #[inline]
    fn loss(&self, y: &[T; N], target: &D) -> T {
        let mut loss = T::ZERO;
        for (c, y) in y.iter().enumerate() {
            let t = target.probability(c);
            if t != T::ZERO {
                loss -= t * at_least_smallest(*y).ln();
            }
        }
        loss
    }
    #[inline]
    fn gradient(&self, y: &[T; N], target: &D, dy: &mut [T; N]) -> T {
        for (c, (y, dy)) in y.iter().zip(dy).enumerate() {
            *dy = -target.probability(c) / at_least_smallest(*y);
        }
        Loss::<K, _, _>::loss(self, y, target)
    }
    fn meaning(&self) -> Meaning {
        Meaning::Classes
    }
    fn check_target(&self, target: &D) -> Result<(), TargetError> {
        check_distribution::<T, D, N>("CrossEntropyOfProbabilities", target)
    }
}
