//! Cross-entropy of many samples at once: their logits are transposed, so that lanes hold samples and every exponential fills a register,
//! however few the classes are. Compiled here, once for each instruction set, with the bits of a sample alone.

use crate::{Kernels, Scalar};

/// Samples of a call.
pub(super) const SAMPLES: usize = 16;
/// Classes up to which it is worth it: their logits are kept on the stack.
pub(super) const CLASSES: usize = 64;

/// `dy = scale (p Σ q − q)` with `p = softmax y`, and the losses `Σ q (−ln p)`, for [`SAMPLES`] samples with `classes` logits each.
///
/// `y`, `q` and `dy` are `[SAMPLES][classes]`, the others `[SAMPLES]`.
pub(super) fn gradients(kernels: Kernels, classes: usize, y: &[f32], q: &[f32], scale: &[f32], dy: &mut [f32], losses: &mut [f32]) {
    let (Some(scale), Some(losses)) = (scale.first_chunk(), losses.first_chunk_mut()) else { return };
    kernels.vectorize(
        #[inline(always)]
        || {
            *losses = if classes <= CLASSES / 4 {
                transposed::<f32, { CLASSES / 4 }>(classes, y, q, scale, dy)
            } else {
                transposed::<f32, CLASSES>(classes, y, q, scale, dy)
            };
        },
    );
}

/// `from[n][c]` at `to[c][n]`.
#[inline(always)]
fn transpose<T: Scalar>(classes: usize, from: &[T], to: &mut [[T; SAMPLES]]) {
    for (n, from) in from.chunks_exact(classes.max(1)).take(SAMPLES).enumerate() {
        for (to, from) in to.iter_mut().zip(from) {
            to[n] = *from;
        }
    }
}

/// With room for `MOST` classes.
#[inline(always)]
fn transposed<T: Scalar, const MOST: usize>(classes: usize, y: &[T], q: &[T], scale: &[T; SAMPLES], dy: &mut [T]) -> [T; SAMPLES] {
    let (mut p, mut surprises, mut targets) = ([[T::ZERO; SAMPLES]; MOST], [[T::ZERO; SAMPLES]; MOST], [[T::ZERO; SAMPLES]; MOST]);
    transpose(classes, y, &mut p);
    transpose(classes, q, &mut targets);
    let used = classes.min(MOST);
    let (p, surprises, targets) = (&mut p[..used], &mut surprises[..used], &targets[..used]);
    let (mut at, mut maximum) = ([T::ZERO; SAMPLES], [T::NEG_INFINITY; SAMPLES]);
    for (c, p) in p.iter().enumerate() {
        let number = T::from_f64(c as f64);
        for n in 0..SAMPLES {
            let larger = p[n] > maximum[n];
            at[n] = if larger { number } else { at[n] };
            maximum[n] = if larger { p[n] } else { maximum[n] };
        }
    }
    let mut others = [T::ZERO; SAMPLES];
    for (c, (p, surprise)) in p.iter_mut().zip(&mut *surprises).enumerate() {
        let number = T::from_f64(c as f64);
        for n in 0..SAMPLES {
            surprise[n] = maximum[n] - p[n];
            p[n] = (p[n] - maximum[n]).exp();
            others[n] += if at[n] == number { T::ZERO } else { p[n] };
        }
    }
    let mut rest = others;
    for rest in &mut rest {
        *rest = rest.ln_1p();
    }
    let (mut loss, mut total) = ([T::ZERO; SAMPLES], [T::ZERO; SAMPLES]);
    for (surprise, q) in surprises.iter().zip(targets) {
        for n in 0..SAMPLES {
            total[n] += q[n];
            loss[n] += if q[n] == T::ZERO { T::ZERO } else { q[n] * (surprise[n] + rest[n]) };
        }
    }
    for (p, q) in p.iter_mut().zip(targets) {
        for n in 0..SAMPLES {
            p[n] = (p[n] / (T::ONE + others[n]) * total[n] - q[n]) * scale[n];
        }
    }
    for (n, dy) in dy.chunks_exact_mut(classes.max(1)).take(SAMPLES).enumerate() {
        for (dy, p) in dy.iter_mut().zip(&*p) {
            *dy = p[n];
        }
    }
    loss
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::vec;

    use super::{CLASSES, SAMPLES, gradients};
    use crate::random::Stream;
    use crate::{Kernels, Scalar};

    /// Of the largest term of a sum: the exponentials' error and a few roundings.
    const TOLERANCE: f64 = 1e-6;

    #[test]
    fn gradients_are_those_of_the_definition() {
        for kernels in Kernels::all() {
            let mut random = Stream::new(&[1]);
            for classes in 1..=CLASSES {
                let mut numbers = |low, high| -> std::vec::Vec<f32> {
                    (0..SAMPLES * classes).map(|_| f32::from_f64(random.uniform(low, high))).collect()
                };
                let (y, q) = (numbers(-9.0, 9.0), numbers(0.0, 1.0));
                let scale: [f32; SAMPLES] = core::array::from_fn(|n| 0.5 + n as f32);
                let (mut dy, mut losses) = (vec![f32::NAN; y.len()], [f32::NAN; SAMPLES]);
                gradients(kernels, classes, &y, &q, &scale, &mut dy, &mut losses);
                for n in 0..SAMPLES {
                    let row = |of: &[f32]| of[n * classes..][..classes].iter().map(|x| f64::from(*x)).collect::<vec::Vec<_>>();
                    let (y, q, dy) = (row(&y), row(&q), row(&dy));
                    let sum: f64 = y.iter().map(|y| y.exp()).sum();
                    let total: f64 = q.iter().sum();
                    let loss: f64 = y.iter().zip(&q).map(|(y, q)| q * (sum.ln() - y)).sum();
                    let what = format!("{}, {classes} classes, sample {n}", kernels.name());
                    assert!((f64::from(losses[n]) - loss).abs() <= TOLERANCE * (1.0 + 20.0 * total), "{what}: {} for {loss}", losses[n]);
                    for c in 0..classes {
                        let exact = f64::from(scale[n]) * (y[c].exp() / sum * total - q[c]);
                        assert!((dy[c] - exact).abs() <= TOLERANCE * f64::from(scale[n]) * (1.0 + total), "{what}: {} for {exact}", dy[c]);
                    }
                }
            }
        }
    }
}
