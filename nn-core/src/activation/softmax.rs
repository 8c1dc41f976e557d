//! Softmax: `y[i] = e^(z[i] − m) / Σⱼ e^(z[j] − m)` with `m = max z`, so that nothing overflows; shapes `[N] -> [N]`.
//!
//! Given `dy`: `dz[i] = y[i] (dy[i] − Σⱼ dy[j] y[j])`. Backward needs only the output.

use super::rows::{self, Rows};
use super::{Activation, Known};
use crate::{Probabilities, Scalar, Simd};

/// Probabilities from logits: positive, and their sum is 1 (Goodfellow, Bengio, Courville, *Deep Learning*, §4.1).
///
/// A loss on probabilities fits it; for a loss on logits, leave it out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Softmax;

impl<T: Scalar, const N: usize> Activation<[T; N]> for Softmax {
    type Kind = Probabilities;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, s: S, y: &mut [[T; N]]) {
        if const { S::INLINE || !T::HAS_KERNELS } {
            for y in y {
                rows::Softmax.one(&[], y);
            }
        } else if let Some(y) = T::f32s_mut(y.as_flattened_mut()) {
            rows::softmax(s.kernels(), N, y);
        }
    }

    #[inline]
    fn backward<S: Simd>(self, _: S, y: &[[T; N]], dy: &mut [[T; N]]) {
        for (y, dy) in y.iter().zip(dy) {
            let dot = y.iter().zip(&*dy).fold(T::ZERO, |sum, (y, dy)| sum + *y * *dy);
            for (dy, y) in dy.iter_mut().zip(y) {
                *dy = *y * (*dy - dot);
            }
        }
    }
}
