//! Sums in a fixed number of lanes, so that they vectorise and every target adds in the same order.

use crate::Scalar;

const LANES: usize = 8;

/// `Σ f(x)`: eight partial sums, one for each position modulo 8, added as a tree.
#[inline]
pub(crate) fn sum<X, T: Scalar>(x: &[X], f: impl Fn(&X) -> T) -> T {
    let (blocks, rest) = x.as_chunks::<LANES>();
    let mut sums = [T::ZERO; LANES];
    for block in blocks {
        for (sum, x) in sums.iter_mut().zip(block) {
            *sum += f(x);
        }
    }
    for (sum, x) in sums.iter_mut().zip(rest) {
        *sum += f(x);
    }
    tree(sums)
}

/// `Σ f(x, y)` over pairs, in the order of [`sum`].
#[inline]
pub(crate) fn sum2<X, Y, T: Scalar>(x: &[X], y: &[Y], f: impl Fn(&X, &Y) -> T) -> T {
    let (x_blocks, x_rest) = x.as_chunks::<LANES>();
    let (y_blocks, y_rest) = y.as_chunks::<LANES>();
    let mut sums = [T::ZERO; LANES];
    for (x, y) in x_blocks.iter().zip(y_blocks) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += f(x, y);
        }
    }
    for (sum, (x, y)) in sums.iter_mut().zip(x_rest.iter().zip(y_rest)) {
        *sum += f(x, y);
    }
    tree(sums)
}

#[inline]
fn tree<T: Scalar>(s: [T; LANES]) -> T {
    ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}
