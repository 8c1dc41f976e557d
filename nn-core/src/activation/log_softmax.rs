//! Logarithm of softmax: `y[i] = z[i] − m − ln Σⱼ e^(z[j] − m)` with `m = max z`, so that nothing overflows; shapes `[N] -> [N]`.
//!
//! Given `dy`: `dz[i] = dy[i] − e^y[i] Σⱼ dy[j]`. Backward needs only the output.

use super::softmax::largest;
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
        s.vectorize(
            #[inline(always)]
            || {
                for y in y {
                    let m = largest(y);
                    let sum = y.iter().fold(T::ZERO, |sum, z| sum + (*z - m).exp());
                    let ln_sum = sum.ln();
                    for y in y {
                        *y = (*y - m) - ln_sum;
                    }
                }
            },
        );
    }

    #[inline]
    fn backward<S: Simd>(self, s: S, y: &[[T; N]], dy: &mut [[T; N]]) {
        s.vectorize(
            #[inline(always)]
            || {
                for (y, dy) in y.iter().zip(dy) {
                    let sum = dy.iter().fold(T::ZERO, |sum, dy| sum + *dy);
                    for (dy, y) in dy.iter_mut().zip(y) {
                        *dy -= y.exp() * sum;
                    }
                }
            },
        );
    }
}
