//! Cross-entropy of many samples at once: their logits are transposed, so that lanes hold samples and every exponential fills a register,
//! however few the classes are. Compiled here, once for each instruction set, with the bits of a sample alone.

use crate::{Kernels, Scalar};

/// The most samples of a call.
pub(super) const SAMPLES: usize = 32;
/// Samples below which each alone is sooner.
pub(super) const FEW: usize = 8;
/// Classes up to which it is worth it: their logits are kept on the stack.
pub(super) const CLASSES: usize = 48;

/// `dy = scale (p Σ q − q)` with `p = softmax y`, and the losses `Σ q (−ln p)`, for as many samples as there are losses.
///
/// `y`, `q` and `dy` are `[classes][SAMPLES]`: who calls knows the classes while compiling, and transposes sooner.
pub(super) fn gradients(kernels: Kernels, y: &[f32], q: &[f32], scale: &[f32; SAMPLES], dy: &mut [f32], losses: &mut [f32]) {
    kernels.vectorize(
        #[inline(always)]
        || of_classes(y.as_chunks().0, q.as_chunks().0, scale, dy.as_chunks_mut().0, losses),
    );
}

/// The loops over samples have a length that is known when they run: those of a known one the compiler unrolls into single numbers.
#[inline(always)]
fn of_classes<T: Scalar>(y: &[[T; SAMPLES]], q: &[[T; SAMPLES]], scale: &[T; SAMPLES], dy: &mut [[T; SAMPLES]], losses: &mut [T]) {
    let samples = losses.len().min(SAMPLES);
    let mut maximum = [T::NEG_INFINITY; SAMPLES];
    for y in y {
        for n in 0..samples {
            maximum[n] = if y[n] > maximum[n] { y[n] } else { maximum[n] };
        }
    }
    // All exponentials but that of the first maximum; a choice between an old and a new number would be stored by a mask, and be late for the
    // next class.
    let (mut others, mut found) = ([T::ZERO; SAMPLES], [T::ZERO; SAMPLES]);
    for (y, p) in y.iter().zip(&mut *dy) {
        for n in 0..samples {
            p[n] = (y[n] - maximum[n]).exp();
            let largest = if y[n] == maximum[n] { T::ONE } else { T::ZERO };
            others[n] += if largest > found[n] { T::ZERO } else { p[n] };
            found[n] += largest;
        }
    }
    let mut rest = others;
    for rest in &mut rest[..samples] {
        *rest = rest.ln_1p();
    }
    let (mut loss, mut total) = ([T::ZERO; SAMPLES], [T::ZERO; SAMPLES]);
    for (y, q) in y.iter().zip(q) {
        for n in 0..samples {
            total[n] += q[n];
            loss[n] += if q[n] == T::ZERO { T::ZERO } else { q[n] * ((maximum[n] - y[n]) + rest[n]) };
        }
    }
    for (dy, q) in dy.iter_mut().zip(q) {
        for n in 0..samples {
            dy[n] = (dy[n] / (T::ONE + others[n]) * total[n] - q[n]) * scale[n];
        }
    }
    for (to, loss) in losses.iter_mut().zip(loss) {
        *to = loss;
    }
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
                gradients(kernels, &y, &q, &scale, &mut dy, &mut losses);
                for n in 0..SAMPLES {
                    let row = |of: &[f32]| of.iter().skip(n).step_by(SAMPLES).map(|x| f64::from(*x)).collect::<vec::Vec<_>>();
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
