//! Negative log-likelihood of log-probabilities: `ℓ = −Σ_c t_c y_c`; `dy_c = −t_c`.

use super::{Distribution, IsLogProbabilities, Loss, Meaning, TargetError, check_distribution};
use crate::Scalar;

/// Negative log-likelihood after `LogSoftmax`, as PyTorch's `NLLLoss` takes it.
///
/// - `ℓ = −Σ_c t_c y_c`; for a class index simply `−y_t`.
/// - Fits outputs `[T; N]` of `LogSoftmax`; targets: `Class<N>`, or probabilities `[T; N]`.
/// - `dy_c = −t_c`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NegativeLogLikelihood;

impl<K: IsLogProbabilities, T: Scalar, D: Distribution<T, N>, const N: usize> Loss<K, [T; N], D> for NegativeLogLikelihood {
    #[inline]
    fn loss(&self, y: &[T; N], target: &D) -> T {
        let mut loss = T::ZERO;
        for (c, y) in y.iter().enumerate() {
            let t = target.probability(c);
            if t != T::ZERO {
                loss -= t * *y;
            }
        }
        loss
    }
    #[inline]
    fn gradient(&self, y: &[T; N], target: &D, dy: &mut [T; N]) -> T {
        for (c, dy) in dy.iter_mut().enumerate() {
            *dy = -target.probability(c);
        }
        Loss::<K, _, _>::loss(self, y, target)
    }
    fn meaning(&self) -> Meaning {
        Meaning::Classes
    }
    fn check_target(&self, target: &D) -> Result<(), TargetError> {
        check_distribution::<T, D, N>("NegativeLogLikelihood", target)
    }
}
