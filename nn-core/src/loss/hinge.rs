//! Hinge loss: for yes or no `ℓ = 1/N Σᵢ max(0, 1 − tᵢ yᵢ)` with `t` −1 or 1; for a class `t` `ℓ = 1/N Σ_{c ≠ t} max(0, 1 − y_t + y_c)`.

use super::{IsLogits, Loss, Margins, Meaning, TargetError, check_signs, per_element};
use crate::{Class, Scalar, Tensor};

/// The support vector machine's loss: 0 once the answer is right by a margin of 1.
///
/// - Yes or no, with `t` −1 or 1: `ℓ = 1/N Σᵢ max(0, 1 − tᵢ yᵢ)`, `dyᵢ = −tᵢ/N` inside the margin. Targets: −1 and 1 in the output's shape,
///   `bool`s, `Class<2>` for one output.
/// - One of `N` classes: `ℓ = 1/N Σ_{c ≠ t} max(0, 1 − y_t + y_c)`, as PyTorch's `MultiMarginLoss` takes it. Targets: `Class<N>`.
/// - Fits outputs without an activation.
/// - Source: Cortes, Vapnik, *Support-Vector Networks*, 1995; Weston, Watkins, *Support Vector Machines for Multi-Class Pattern
///   Recognition*, 1999.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hinge;

/// `max(0, x)`, but NaN stays NaN.
#[inline]
fn positive_part<T: Scalar>(x: T) -> T {
    if x < T::ZERO { T::ZERO } else { x }
}

impl<K: IsLogits, Y: Tensor, V: Margins<Y>> Loss<K, Y, V> for Hinge {
    #[inline]
    fn loss(&self, y: &Y, target: &V) -> Y::Scalar {
        let mut sum = Y::Scalar::ZERO;
        for (y, t) in y.flat().iter().zip(target.signs()) {
            sum += positive_part(Y::Scalar::ONE - t * *y);
        }
        sum * per_element::<Y>()
    }
    #[inline]
    fn gradient(&self, y: &Y, target: &V, dy: &mut Y) -> Y::Scalar {
        for ((y, t), dy) in y.flat().iter().zip(target.signs()).zip(dy.flat_mut()) {
            let inside = Y::Scalar::ONE - t * *y > Y::Scalar::ZERO;
            *dy = if inside { -t * per_element::<Y>() } else { Y::Scalar::ZERO };
        }
        Loss::<K, _, _>::loss(self, y, target)
    }
    fn meaning(&self) -> Meaning {
        Meaning::YesOrNo { even: 0.0 }
    }
    fn check_target(&self, target: &V) -> Result<(), TargetError> {
        check_signs::<Y, V>("Hinge", target)
    }
}

impl<K: IsLogits, T: Scalar, const N: usize> Loss<K, [T; N], Class<N>> for Hinge {
    #[inline]
    fn loss(&self, y: &[T; N], target: &Class<N>) -> T {
        let at = y.get(target.index()).copied().unwrap_or(T::ZERO);
        let mut sum = T::ZERO;
        for (c, y) in y.iter().enumerate() {
            if c != target.index() {
                sum += positive_part(T::ONE - at + *y);
            }
        }
        sum * per_element::<[T; N]>()
    }
    #[inline]
    fn gradient(&self, y: &[T; N], target: &Class<N>, dy: &mut [T; N]) -> T {
        let at = y.get(target.index()).copied().unwrap_or(T::ZERO);
        let mut inside = T::ZERO;
        for (c, (y, dy)) in y.iter().zip(dy.iter_mut()).enumerate() {
            let counts = c != target.index() && T::ONE - at + *y > T::ZERO;
            *dy = if counts { per_element::<[T; N]>() } else { T::ZERO };
            inside += *dy;
        }
        if let Some(dy) = dy.get_mut(target.index()) {
            *dy = -inside;
        }
        Loss::<K, _, _>::loss(self, y, target)
    }
}
