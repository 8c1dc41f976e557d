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

/// What the bits of a number cost, in multiply-adds.
const COST: usize = 64;

impl Dropout {
    /// Drops a share `rate`.
    #[must_use]
    pub const fn new(rate: f64) -> Self {
        Self { rate }
    }

    /// `y = m y / (1 − rate)`, in place, with the mask of this pass.
    #[inline]
    pub fn forward_in_place<S: Simd, X: Tensor>(self, s: S, pass: Pass<'_>, y: &mut [X]) {
        self.mask(s, pass, y);
    }

    /// `dx = m dy / (1 − rate)`, in place in `dy`, with the same mask as `forward_in_place` of the same pass.
    #[inline]
    pub fn backward<S: Simd, X: Tensor>(self, s: S, pass: Pass<'_>, dy: &mut [X]) {
        self.mask(s, pass, dy);
    }

    fn mask<S: Simd, X: Tensor>(self, s: S, pass: Pass<'_>, values: &mut [X]) {
        if pass.is_frozen() {
            return;
        }
        if self.rate >= 1.0 {
            return X::flatten_mut(values).fill(X::Scalar::ZERO);
        }
        let scale = X::Scalar::from_f64(1.0 / (1.0 - self.rate));
        // Of 2³² equally likely bits, those below this are dropped.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2³², saturating")]
        let dropped = (self.rate * 4_294_967_296.0) as u32;
        let (samples, work) = (0..values.len(), values.len() * X::LEN * COST);
        s.kernels().threads().each(work, 1, (samples, values), |(samples, values)| {
            for (i, sample) in samples.zip(values) {
                let mut random = pass.random(i);
                let (chunks, rest) = sample.flat_mut().as_chunks_mut::<16>();
                for chunk in chunks {
                    // All bits first: a branch on each would be mispredicted half of the time.
                    let bits: [u32; 16] = core::array::from_fn(|_| random.bits());
                    scale_kept(chunk, &bits, dropped, scale);
                }
                for value in rest {
                    scale_kept(core::slice::from_mut(value), &[random.bits()], dropped, scale);
                }
            }
        });
    }
}

/// Scales the values whose bits reach `dropped`, and sets the others to 0: chosen rather than multiplied by 0, so that an infinity is dropped too.
#[inline]
fn scale_kept<T: Scalar>(values: &mut [T], bits: &[u32], dropped: u32, scale: T) {
    for (value, bits) in values.iter_mut().zip(bits) {
        *value = if *bits < dropped { T::ZERO } else { *value * scale };
    }
}

#[cfg(test)]
mod tests {
    use super::Dropout;
    use crate::{Pass, Portable};

    fn ones(rate: f64, pass: Pass<'_>) -> [[f32; 100]; 40] {
        let mut y = [[1.0; 100]; 40];
        Dropout::new(rate).forward_in_place(Portable, pass, &mut y);
        y
    }

    #[test]
    fn it_drops_its_share_and_keeps_the_mean() {
        for rate in [0.1, 0.5, 0.9] {
            let y = ones(rate, Pass::new(1, 1));
            let n = 4000.0;
            let dropped = y.as_flattened().iter().filter(|y| **y == 0.0).count() as f64;
            let error = std::primitive::f64::sqrt(n * rate * (1.0 - rate));
            assert!((dropped - n * rate).abs() < 5.0 * error, "rate {rate}: {dropped} of {n} dropped");
            let kept = (1.0 / (1.0 - rate)).to_bits();
            assert!(y.as_flattened().iter().all(|y| *y == 0.0 || (f64::from(*y) - f64::from_bits(kept)).abs() < 1e-6));
        }
        assert_eq!(ones(0.0, Pass::new(1, 1)), [[1.0; 100]; 40]);
        assert_eq!(ones(1.0, Pass::new(1, 1)), [[0.0; 100]; 40]);
    }

    #[test]
    fn masks_differ_by_seed_step_place_and_sample_and_repeat_by_key() {
        let y = ones(0.5, Pass::new(1, 1));
        assert_eq!(y, ones(0.5, Pass::new(1, 1)));
        let shares_most = |a: &[f32; 100], b: &[f32; 100]| a.iter().zip(b).filter(|(a, b)| a == b).count() > 75;
        for other in [Pass::new(2, 1), Pass::new(1, 2), Pass::new(1, 1).at(0, &()), Pass::new(1, 1).at(1, &())] {
            assert!(!shares_most(&y[0], &ones(0.5, other)[0]));
        }
        assert!(!shares_most(&y[0], &y[1]));
    }
}
