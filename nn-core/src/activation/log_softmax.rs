//! Logarithm of softmax: `y[i] = z[i] − m − ln Σⱼ e^(z[j] − m)` with `m = max z`, so that nothing overflows; shapes `[N] -> [N]`.
//!
//! Given `dy`: `dz[i] = dy[i] − e^y[i] Σⱼ dy[j]`. Backward needs only the output.

use super::rows::{self, Rows};
use super::{Activation, Known};
use crate::{LogProbabilities, Scalar, Simd};

/// The logarithms of probabilities from logits: accurate where a probability itself would be rounded to 0 or 1.
///
/// The negative log-likelihood fits it; for a loss on logits, leave it out.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogSoftmax;

impl<T: Scalar, const N: usize> Activation<[T; N]> for LogSoftmax {
    type Kind = LogProbabilities;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, s: S, y: &mut [[T; N]]) {
        if const { S::INLINE || !T::HAS_KERNELS } {
            for y in y {
                rows::LogSoftmax.one(&[], y);
            }
        } else if let Some(y) = T::f32s_mut(y.as_flattened_mut()) {
            rows::log_softmax(s.kernels(), N, y);
        }
    }

    #[inline]
    fn backward<S: Simd>(self, s: S, y: &[[T; N]], dy: &mut [[T; N]]) {
        if const { S::INLINE || !T::HAS_KERNELS } {
            for (y, dy) in y.iter().zip(dy) {
                rows::LogSoftmaxBackward.one(y, dy);
            }
        } else if let (Some(y), Some(dy)) = (T::f32s(y.as_flattened()), T::f32s_mut(dy.as_flattened_mut())) {
            rows::log_softmax_backward(s.kernels(), N, y, dy);
        }
    }
}
