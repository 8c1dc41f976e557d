//! Dropout: while training, `y = m x / (1 − rate)` with `m = 0` for a share `rate` of the numbers, drawn anew each step, and 1 for the
//! others; in use, `y = x`.
//!
//! Given `dy`: `dx = m dy / (1 − rate)`. The mask is not kept: `backward` draws it again from the same key.

use crate::{Pass, Scalar, Simd, Tensor};

/// Sets a share `rate` of the numbers to zero while training, and scales the others so that the expected sum stays (inverted dropout:
/// Srivastava et al. 2014; PyTorch's `Dropout`).
///
/// Not a [`Layer`](crate::Layer) of its own: it works in place on the output of the layer before it. A frozen part drops nothing.
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    /// The probability that a number becomes 0; from 0 to 1.
    pub rate: f64,
}

impl Dropout {
    /// Drops a share `rate`.
    #[must_use]
    pub const fn new(rate: f64) -> Self {
        Self { rate }
    }

    /// `y = m y / (1 − rate)`, in place, with the mask of this pass.
    #[inline]
    pub fn forward_in_place<S: Simd, X: Tensor>(self, _: S, pass: Pass<'_>, y: &mut [X]) {
        self.mask(pass, y);
    }

    /// `dx = m dy / (1 − rate)`, in place in `dy`, with the same mask as `forward_in_place` of the same pass.
    #[inline]
    pub fn backward<S: Simd, X: Tensor>(self, _: S, pass: Pass<'_>, dy: &mut [X]) {
        self.mask(pass, dy);
    }

    fn mask<X: Tensor>(self, pass: Pass<'_>, values: &mut [X]) {
        if pass.is_frozen() {
            return;
        }
        let scale = X::Scalar::from_f64(1.0 / (1.0 - self.rate));
        // Of 2³² equally likely bits, those below this are dropped; a rate of 1 drops all.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2³²; others saturate")]
        let dropped = (self.rate * 4_294_967_296.0) as u64;
        for (i, sample) in values.iter_mut().enumerate() {
            let mut random = pass.random(i);
            for value in sample.flat_mut() {
                // Chosen rather than multiplied by 0, so that an infinity is dropped too.
                *value = if u64::from(random.bits()) < dropped { X::Scalar::ZERO } else { *value * scale };
            }
        }
    }
}
