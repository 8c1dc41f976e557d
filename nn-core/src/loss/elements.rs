//! Losses that are means over the elements of an output.

use super::Values;
use crate::{Scalar, Tensor};

/// `1/N Σ ℓ(yᵢ, tᵢ)` over the elements of one sample.
#[inline]
pub(super) fn mean_of<Y: Tensor, V: Values<Y>>(
    y: &Y,
    target: &V,
    element: impl Fn(Y::Scalar, Y::Scalar) -> Element<Y::Scalar>,
) -> Y::Scalar {
    let mut sum = Y::Scalar::ZERO;
    for (y, t) in y.flat().iter().zip(target.values()) {
        sum += element(*y, t).loss;
    }
    sum * per_element::<Y>()
}

/// As [`mean_of`], and `dyᵢ = 1/N ∂ℓ/∂yᵢ`.
#[inline]
pub(super) fn mean_gradient<Y: Tensor, V: Values<Y>>(
    y: &Y,
    target: &V,
    dy: &mut Y,
    element: impl Fn(Y::Scalar, Y::Scalar) -> Element<Y::Scalar>,
) -> Y::Scalar {
    let mut sum = Y::Scalar::ZERO;
    for ((y, t), dy) in y.flat().iter().zip(target.values()).zip(dy.flat_mut()) {
        let element = element(*y, t);
        sum += element.loss;
        *dy = element.slope * per_element::<Y>();
    }
    sum * per_element::<Y>()
}

/// What one number of an output costs, and how that changes with the number.
pub(super) struct Element<T> {
    pub loss: T,
    pub slope: T,
}

/// `1/N`.
#[inline]
pub(super) fn per_element<Y: Tensor>() -> Y::Scalar {
    Y::Scalar::from_f64(1.0 / Y::LEN as f64)
}
