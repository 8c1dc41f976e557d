//! Mean squared error: `ℓ = 1/N Σᵢ (yᵢ − tᵢ)²` over the `N` elements of a sample; `dyᵢ = 2/N (yᵢ − tᵢ)`.

use super::{Element, FINITE, Loss, TargetError, Values, check_values, mean_gradient, mean_of};
use crate::{Kind, Scalar, Tensor};

/// `1/N Σᵢ (yᵢ − tᵢ)²`: the mean over elements and samples, as PyTorch's `MSELoss` takes it.
///
/// - Fits every output; targets: the output's shape (see [`Values`] for what else one number takes).
/// - `dyᵢ = 2/N (yᵢ − tᵢ)`.
/// - Source: Bishop, *Pattern Recognition and Machine Learning*, §1.1 (there `½ Σ`: [`HalfSquaredError`](super::HalfSquaredError)).
#[derive(Clone, Copy, Debug, Default)]
pub struct MeanSquaredError;

#[inline]
fn element<T: Scalar>(y: T, t: T) -> Element<T> {
    let error = y - t;
    Element { loss: error * error, slope: error + error }
}

impl<K: Kind, Y: Tensor, V: Values<Y>> Loss<K, Y, V> for MeanSquaredError {
    #[inline]
    fn loss(&self, y: &Y, target: &V) -> Y::Scalar {
        mean_of(y, target, element)
    }
    #[inline]
    fn gradient(&self, y: &Y, target: &V, dy: &mut Y) -> Y::Scalar {
        mean_gradient(y, target, dy, element)
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_values::<Y, V>("MeanSquaredError", target, FINITE, f64::is_finite)
    }
}
