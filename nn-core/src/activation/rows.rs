//! Softmax of many rows of numbers, one a sample. Sixteen rows at a time are transposed where they are short, so that lanes hold samples and
//! every exponential fills a register. Compiled here, once for each instruction set, with the bits of a row alone.

use crate::{Kernels, Scalar};

/// Rows that are treated together.
const ROWS: usize = 16;
/// Numbers of a row up to which they are.
const SHORT: usize = 64;

/// As many as are held in a smaller place.
const FEW: usize = 16;

/// What is done with rows of numbers `y`, and of others beside them.
pub(super) trait Rows: Copy {
    /// With one row.
    fn one<T: Scalar>(self, known: &[T], y: &mut [T]);
    /// With number `i` of every row at place `i`.
    fn many<T: Scalar>(self, known: &[[T; ROWS]], y: &mut [[T; ROWS]]);
}

/// `y = softmax y` for rows of `n` numbers.
pub(super) fn softmax(kernels: Kernels, n: usize, y: &mut [f32]) {
    kernels.vectorize(
        #[inline(always)]
        || rows(Softmax, n, &[], y),
    );
}

/// `y = ln softmax y`.
pub(super) fn log_softmax(kernels: Kernels, n: usize, y: &mut [f32]) {
    kernels.vectorize(
        #[inline(always)]
        || rows(LogSoftmax, n, &[], y),
    );
}

/// `dy = dy − eʸ Σ dy`.
pub(super) fn log_softmax_backward(kernels: Kernels, n: usize, y: &[f32], dy: &mut [f32]) {
    kernels.vectorize(
        #[inline(always)]
        || rows(LogSoftmaxBackward, n, y, dy),
    );
}

#[inline(always)]
fn rows<T: Scalar>(what: impl Rows, n: usize, known: &[T], y: &mut [T]) {
    match n {
        0 => {}
        1..=FEW => rows_up_to::<T, FEW>(what, n, known, y),
        _ => rows_up_to::<T, SHORT>(what, n, known, y),
    }
}

/// With room for `MOST` numbers of each row, where that is enough.
#[inline(always)]
fn rows_up_to<T: Scalar, const MOST: usize>(what: impl Rows, n: usize, known: &[T], y: &mut [T]) {
    let mut done = 0;
    if n <= MOST {
        let (mut a, mut b) = ([[T::ZERO; ROWS]; MOST], [[T::ZERO; ROWS]; MOST]);
        let (a, b) = (&mut a[..n], &mut b[..n]);
        for y in y.chunks_exact_mut(ROWS * n) {
            transpose(y, b);
            if let Some(known) = known.get(done..done + ROWS * n) {
                transpose(known, a);
            }
            what.many(a, b);
            for (r, y) in y.chunks_exact_mut(n).enumerate() {
                for (y, b) in y.iter_mut().zip(&*b) {
                    *y = b[r % ROWS];
                }
            }
            done += ROWS * n;
        }
    }
    let rest = y.get_mut(done..).unwrap_or(&mut []);
    for (i, y) in rest.chunks_exact_mut(n).enumerate() {
        what.one(known.get(done + i * n..done + (i + 1) * n).unwrap_or(&[]), y);
    }
}

/// `from[r][i]` at `to[i][r]`.
#[inline(always)]
fn transpose<T: Scalar>(from: &[T], to: &mut [[T; ROWS]]) {
    for (r, from) in from.chunks_exact(to.len().max(1)).enumerate() {
        for (to, from) in to.iter_mut().zip(from) {
            to[r % ROWS] = *from;
        }
    }
}

/// `max z`; NaN where one comes last, which the exponentials then spread to all.
#[inline(always)]
fn largest<T: Scalar>(z: &[T]) -> T {
    z.iter().fold(T::NEG_INFINITY, |m, z| m.maximum(*z))
}

/// The largest number of each row.
#[inline(always)]
fn largest_of_each<T: Scalar>(y: &[[T; ROWS]]) -> [T; ROWS] {
    let mut largest = [T::NEG_INFINITY; ROWS];
    for y in y {
        for r in 0..ROWS {
            largest[r] = largest[r].maximum(y[r]);
        }
    }
    largest
}

#[derive(Clone, Copy)]
pub(super) struct Softmax;

impl Rows for Softmax {
    #[inline(always)]
    fn one<T: Scalar>(self, _: &[T], y: &mut [T]) {
        let m = largest(y);
        for y in &mut *y {
            *y = (*y - m).exp();
        }
        let sum = y.iter().fold(T::ZERO, |sum, y| sum + *y);
        for y in y {
            *y /= sum;
        }
    }
    #[inline(always)]
    fn many<T: Scalar>(self, _: &[[T; ROWS]], y: &mut [[T; ROWS]]) {
        let m = largest_of_each(y);
        let mut sum = [T::ZERO; ROWS];
        for y in &mut *y {
            for r in 0..ROWS {
                y[r] = (y[r] - m[r]).exp();
                sum[r] += y[r];
            }
        }
        for y in y {
            for r in 0..ROWS {
                y[r] /= sum[r];
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct LogSoftmax;

impl Rows for LogSoftmax {
    #[inline(always)]
    fn one<T: Scalar>(self, _: &[T], y: &mut [T]) {
        let m = largest(y);
        let ln_sum = y.iter().fold(T::ZERO, |sum, z| sum + (*z - m).exp()).ln();
        for y in y {
            *y = (*y - m) - ln_sum;
        }
    }
    #[inline(always)]
    fn many<T: Scalar>(self, _: &[[T; ROWS]], y: &mut [[T; ROWS]]) {
        let m = largest_of_each(y);
        let mut sum = [T::ZERO; ROWS];
        for y in &*y {
            for r in 0..ROWS {
                sum[r] += (y[r] - m[r]).exp();
            }
        }
        for sum in &mut sum {
            *sum = sum.ln();
        }
        for y in y {
            for r in 0..ROWS {
                y[r] = (y[r] - m[r]) - sum[r];
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct LogSoftmaxBackward;

impl Rows for LogSoftmaxBackward {
    #[inline(always)]
    fn one<T: Scalar>(self, y: &[T], dy: &mut [T]) {
        let sum = dy.iter().fold(T::ZERO, |sum, dy| sum + *dy);
        for (dy, y) in dy.iter_mut().zip(y) {
            *dy -= y.exp() * sum;
        }
    }
    #[inline(always)]
    fn many<T: Scalar>(self, y: &[[T; ROWS]], dy: &mut [[T; ROWS]]) {
        let mut sum = [T::ZERO; ROWS];
        for dy in &*dy {
            for r in 0..ROWS {
                sum[r] += dy[r];
            }
        }
        for (dy, y) in dy.iter_mut().zip(y) {
            for r in 0..ROWS {
                dy[r] -= y[r].exp() * sum[r];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{LogSoftmax, LogSoftmaxBackward, Rows, Softmax};
    use crate::random::Stream;
    use crate::{Kernels, Scalar};

    fn bits(y: &[f32]) -> Vec<u32> {
        y.iter().map(|y| if y.is_nan() { 0 } else { y.to_bits() }).collect()
    }

    /// Rows of every length around those of registers and of what is short, and more of them than are treated together.
    #[test]
    fn many_rows_are_each_row_to_the_bit() {
        fn check(kernels: Kernels, n: usize, known: &[f32], y: &[f32], run: impl Fn(&[f32], &mut [f32]), what: impl Rows) {
            let (mut many, mut each) = (y.to_vec(), y.to_vec());
            run(known, &mut many);
            for (i, y) in each.chunks_exact_mut(n).enumerate() {
                what.one(&known[i * n..(i + 1) * n], y);
            }
            assert!(bits(&many) == bits(&each), "{}, rows of {n}", kernels.name());
        }
        for kernels in Kernels::all() {
            let mut random = Stream::new(&[1]);
            for n in (1..=70).chain([128, 333]) {
                let mut numbers = |low, high| -> Vec<f32> { (0..37 * n).map(|_| f32::from_f64(random.uniform(low, high))).collect() };
                let (mut z, y) = (numbers(-20.0, 20.0), numbers(0.0, 1.0));
                z[n - 1] = f32::NEG_INFINITY;
                z[2 * n - 1] = f32::NAN;
                z[3 * n - 1] = 1e30;
                check(kernels, n, &y, &z, |_, y| super::softmax(kernels, n, y), Softmax);
                check(kernels, n, &y, &z, |_, y| super::log_softmax(kernels, n, y), LogSoftmax);
                check(kernels, n, &y, &z, |y, dy| super::log_softmax_backward(kernels, n, y, dy), LogSoftmaxBackward);
            }
        }
    }

    #[test]
    fn rows_are_those_of_the_definition() {
        let mut random = Stream::new(&[2]);
        for n in 1..=70 {
            let z: Vec<f32> = (0..n).map(|_| f32::from_f64(random.uniform(-9.0, 9.0))).collect();
            let (mut p, mut ln_p) = (z.clone(), z.clone());
            super::softmax(Kernels::detect(), n, &mut p);
            super::log_softmax(Kernels::detect(), n, &mut ln_p);
            let sum: f64 = z.iter().map(|z| Scalar::exp(f64::from(*z))).sum();
            for i in 0..n {
                let exact = Scalar::exp(f64::from(z[i])) / sum;
                assert!((f64::from(p[i]) - exact).abs() <= 4e-6 * exact, "{n}: {} for {exact}", p[i]);
                assert!((f64::from(ln_p[i]) - Scalar::ln(exact)).abs() <= 4e-6, "{n}: {} for ln {exact}", ln_p[i]);
            }
        }
    }
}
