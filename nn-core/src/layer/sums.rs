//! Sums of products in one fixed order, arranged so that compilers vectorise them without reordering: the same bits on every target.

use crate::Scalar;

/// Partial sums of a dot product: of every four products one goes to each.
const WAYS: usize = 4;
/// Partial sums of other sums: number `i` goes to sum `i % LANES`.
const LANES: usize = 8;
/// Dot products side by side, as many as the registers hold partial sums of.
pub(crate) const ROWS: usize = if cfg!(target_pointer_width = "64") { 8 } else { 4 };

/// `a · x[m]` for each of `M` vectors.
///
/// The order follows from the length alone: whole groups of four in four partial sums, their total, then the rest one after the other.
#[inline]
pub(crate) fn dots<T: Scalar, const I: usize, const M: usize>(a: &[T; I], x: [&[T; I]; M]) -> [T; M] {
    let mut sums = partial(a, x).map(|[a, b, c, d]| (a + c) + (b + d));
    for m in 0..M {
        for i in I - I % WAYS..I {
            sums[m] += a[i] * x[m][i];
        }
    }
    sums
}

/// The partial sums of [`dots`]. A function of its own, so that LLVM sees lanes here and not their total, which it would tear them apart for.
#[inline(never)]
fn partial<T: Scalar, const I: usize, const M: usize>(a: &[T; I], x: [&[T; I]; M]) -> [[T; WAYS]; M] {
    let mut sums = [[T::ZERO; WAYS]; M];
    for (i, a) in a.as_chunks::<WAYS>().0.iter().enumerate() {
        for m in 0..M {
            if let Some(x) = x[m].as_chunks::<WAYS>().0.get(i) {
                sums[m][0] += a[0] * x[0];
                sums[m][1] += a[1] * x[1];
                sums[m][2] += a[2] * x[2];
                sums[m][3] += a[3] * x[3];
            }
        }
    }
    sums
}

/// The total of partial sums, pairwise.
#[inline(always)] // compiled for the caller's instruction set
pub(crate) fn tree<T: Scalar>(sums: &[T; LANES]) -> T {
    ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]))
}

/// `y[i] += a[0] x[0][i]`, then `+= a[1] x[1][i]` and so on: `M` vectors in one pass over `y`, in their order.
#[inline]
pub(crate) fn add_scaled<T: Scalar, const I: usize, const M: usize>(y: &mut [T; I], a: [T; M], x: [&[T; I]; M]) {
    for i in 0..I {
        let mut sum = y[i];
        for m in 0..M {
            sum += a[m] * x[m][i];
        }
        y[i] = sum;
    }
}

/// `dx[i] += dy[0] w[0][i]`, then `+= dy[1] w[1][i]` and so on, and each `w[m][i] −= rate dy[m] x[i]` after it was read.
#[inline]
pub(crate) fn descend<T: Scalar, const I: usize, const M: usize>(w: &mut [[T; I]; M], dy: [T; M], rate: T, x: &[T; I], dx: &mut [T; I]) {
    let step = dy.map(|dy| rate * dy);
    for i in 0..I {
        let mut sum = dx[i];
        for m in 0..M {
            sum += dy[m] * w[m][i];
            w[m][i] -= step[m] * x[i];
        }
        dx[i] = sum;
    }
}

/// `Σ f(x)`: number `i` goes to sum `i % LANES`, then a tree.
#[inline(always)] // compiled for the caller's instruction set
pub(crate) fn sum<X, T: Scalar>(x: &[X], f: impl Fn(&X) -> T) -> T {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut sums = [T::ZERO; LANES];
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum += f(x);
        }
    }
    for (sum, x) in sums.iter_mut().zip(rest) {
        *sum += f(x);
    }
    tree(&sums)
}

/// `Σ f(x, y)` over pairs, in the order of [`sum`].
#[inline(always)] // compiled for the caller's instruction set
pub(crate) fn sum_of_pairs<X, Y, T: Scalar>(x: &[X], y: &[Y], f: impl Fn(&X, &Y) -> T) -> T {
    let (x_chunks, x_rest) = x.as_chunks::<LANES>();
    let (y_chunks, y_rest) = y.as_chunks::<LANES>();
    let mut sums = [T::ZERO; LANES];
    for (x, y) in x_chunks.iter().zip(y_chunks) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += f(x, y);
        }
    }
    for (sum, (x, y)) in sums.iter_mut().zip(x_rest.iter().zip(y_rest)) {
        *sum += f(x, y);
    }
    tree(&sums)
}

/// The sum of each. A function of its own, so that LLVM sees the lanes in its caller and not their tree.
#[inline(never)]
pub(crate) fn totals<T: Scalar, const N: usize, const M: usize>(sums: &[[T; N]; M]) -> [T; M] {
    let mut totals = [T::ZERO; M];
    for m in 0..M {
        totals[m] = sum(&sums[m], |x| *x);
    }
    totals
}
