//! Mean absolute error: `ℓ = 1/N Σᵢ |yᵢ − tᵢ|`; `dyᵢ = 1/N sign(yᵢ − tᵢ)`, 0 at 0.

use super::{Element, FINITE, Loss, TargetError, Values, check_values, mean_gradient, mean_of};
use crate::{Kind, Scalar, Tensor};

/// `1/N Σᵢ |yᵢ − tᵢ|`: the mean over elements and samples, as PyTorch's `L1Loss` takes it. Outliers count less than with squares.
///
/// - Fits every output; targets: the output's shape (see [`Values`] for what else one number takes).
/// - `dyᵢ = 1/N sign(yᵢ − tᵢ)`, and 0 where they are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct MeanAbsoluteError;

#[inline]
fn element<T: Scalar>(y: T, t: T) -> Element<T> {
    let error = y - t;
    let slope = if error > T::ZERO {
        T::ONE
    } else if error < T::ZERO {
        -T::ONE
    } else {
        T::ZERO
    };
    Element { loss: error.abs(), slope }
}

impl<K: Kind, Y: Tensor, V: Values<Y>> Loss<K, Y, V> for MeanAbsoluteError {
    #[inline]
    fn loss(&self, y: &Y, target: &V) -> Y::Scalar {
        mean_of(y, target, element)
    }
    #[inline]
    fn gradient(&self, y: &Y, target: &V, dy: &mut Y) -> Y::Scalar {
        mean_gradient(y, target, dy, element)
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_values::<Y, V>("MeanAbsoluteError", target, FINITE, f64::is_finite)
    }
}
