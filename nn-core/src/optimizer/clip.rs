//! Clipping: keeps a large gradient from throwing the parameters far away.

use super::PIECE;
use crate::{Kernels, Scalar, SettingError};
#[cfg(feature = "std")]
use nn_kernels::threads::Rows;

/// A bound on gradients; the training loop applies it before the update.
///
/// ```
/// use nn_core::optimizer::{Clip, sum_of_squares};
///
/// let mut gradient = [3.0_f64, 4.0];
/// let norm = sum_of_squares(&gradient).sqrt(); // of all runs together: the global norm
/// Clip::by_norm(1.0).apply(norm, &mut gradient);
/// assert!((gradient[0] - 0.6).abs() < 1e-6 && (gradient[1] - 0.8).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clip {
    /// Every number into `[−bound, bound]`.
    Value(f64),
    /// All by one factor, so that the norm of the whole gradient is at most this: `min(1, bound / (norm + 10⁻⁶))`, as PyTorch's
    /// `clip_grad_norm_` has it. Source: Pascanu, Mikolov, Bengio, *On the Difficulty of Training Recurrent Neural Networks*, 2013.
    Norm(f64),
}

impl Clip {
    /// Every number into `[−bound, bound]`.
    #[must_use]
    pub const fn by_value(bound: f64) -> Self {
        Self::Value(bound)
    }

    /// The whole gradient's norm to at most `bound`.
    #[must_use]
    pub const fn by_norm(bound: f64) -> Self {
        Self::Norm(bound)
    }

    /// Clips a part of the gradient, given the norm of the whole.
    pub fn apply<T: Scalar>(self, norm: f64, gradient: &mut [T]) {
        match self {
            Self::Value(bound) => {
                let bound = T::from_f64(bound);
                for g in gradient {
                    // Written so that NaN stays NaN, to be found.
                    if *g > bound {
                        *g = bound;
                    } else if *g < -bound {
                        *g = -bound;
                    }
                }
            }
            Self::Norm(bound) => {
                let factor = bound / (norm + 1e-6);
                if factor < 1.0 {
                    let factor = T::from_f64(factor);
                    for g in gradient {
                        *g *= factor;
                    }
                }
            }
        }
    }

    /// Whether the bound makes sense.
    ///
    /// # Errors
    /// Where it is not above 0.
    pub fn check(self) -> Result<(), SettingError> {
        match self {
            Self::Value(bound) => SettingError::positive("Clip", "value", bound),
            Self::Norm(bound) => SettingError::positive("Clip", "norm", bound),
        }
    }
}

/// `Σ gᵢ²` of a part of the gradient, in f64; the square root of all parts' sum is the global norm.
#[must_use]
pub fn sum_of_squares<T: Scalar>(gradient: &[T]) -> f64 {
    gradient.chunks(PIECE).map(|piece| squares_of(Kernels::detect(), piece)).sum()
}

/// As [`sum_of_squares`], to the bit, on as many threads as the kernels have: the sums of the pieces are put aside, and added in their order.
#[cfg(feature = "std")]
pub(crate) fn sum_of_squares_by<T: Scalar>(kernels: Kernels, gradient: &[T]) -> f64 {
    let work = gradient.len() * 8;
    if !kernels.threads().share(work) {
        return sum_of_squares(gradient);
    }
    let mut sums = std::vec![0.0; gradient.len().div_ceil(PIECE)];
    kernels.threads().each(work, 1, (&mut sums[..], Rows { slice: gradient, each: PIECE }), |(sums, gradient)| {
        for (sum, piece) in sums.iter_mut().zip(gradient.slice.chunks(PIECE)) {
            *sum = squares_of(kernels, piece);
        }
    });
    sums.iter().sum()
}

/// For `f32` compiled here, once for each instruction set, with the same bits.
fn squares_of<T: Scalar>(kernels: Kernels, gradient: &[T]) -> f64 {
    fn squares_of_f32(kernels: Kernels, gradient: &[f32]) -> f64 {
        kernels.vectorize(
            #[inline(always)]
            || squares(gradient),
        )
    }
    T::f32s(gradient).map_or_else(|| squares(gradient), |gradient| squares_of_f32(kernels, gradient))
}

#[inline(always)]
fn squares<T: Scalar>(gradient: &[T]) -> f64 {
    // Sums side by side, so that they can be vectorised in a fixed order.
    let mut sums = [0.0; 8];
    let (eights, rest) = gradient.as_chunks::<8>();
    for eight in eights {
        for (sum, g) in sums.iter_mut().zip(eight) {
            *sum += g.to_f64() * g.to_f64();
        }
    }
    for (sum, g) in sums.iter_mut().zip(rest) {
        *sum += g.to_f64() * g.to_f64();
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}
