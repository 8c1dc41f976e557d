//! Half the squared error: `ℓ = ½ Σᵢ (yᵢ − tᵢ)²`; `dyᵢ = yᵢ − tᵢ`.

use super::{FINITE, Loss, TargetError, Values, check_values};
use crate::{Kind, Scalar, Tensor};

/// `½ Σᵢ (yᵢ − tᵢ)²`: the textbooks' squared error, whose gradient is the error itself.
///
/// - Fits every output; targets: the output's shape (see [`Values`] for what else one number takes).
/// - `dyᵢ = yᵢ − tᵢ`.
/// - The sum over a sample's elements; the mean over samples. With [`Sum`](super::Sum): the textbooks' sum over samples too.
/// - Source: Bishop, *Pattern Recognition and Machine Learning*, eq. 1.2.
#[derive(Clone, Copy, Debug, Default)]
pub struct HalfSquaredError;

impl<K: Kind, Y: Tensor, V: Values<Y>> Loss<K, Y, V> for HalfSquaredError {
    #[inline]
    fn loss(&self, y: &Y, target: &V) -> Y::Scalar {
        let mut sum = Y::Scalar::ZERO;
        for (y, t) in y.flat().iter().zip(target.values()) {
            sum += (*y - t) * (*y - t);
        }
        Y::Scalar::from_f64(0.5) * sum
    }
    #[inline]
    fn gradient(&self, y: &Y, target: &V, dy: &mut Y) -> Y::Scalar {
        let mut sum = Y::Scalar::ZERO;
        for ((y, t), dy) in y.flat().iter().zip(target.values()).zip(dy.flat_mut()) {
            *dy = *y - t;
            sum += *dy * *dy;
        }
        Y::Scalar::from_f64(0.5) * sum
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_values::<Y, V>("HalfSquaredError", target, FINITE, f64::is_finite)
    }
}
