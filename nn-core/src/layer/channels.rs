//! Loops over a block of channels of a batch: lanes hold positions, or channels where each has but one number. The order of every sum is the
//! same: by sample, then as [`sums`](super::sums) has it. (Wider registers than the target has everywhere were tried: most of the time goes to f64,
//! and they were slower.)

use super::sums::{sum, sum_of_pairs};
use crate::Tensor;

/// Channels that are treated together.
pub(super) const BLOCK: usize = 16;

/// The channels of block `k`, of `[C]`.
#[inline]
pub(super) fn block<X>(channels: &[X], k: usize) -> &[X] {
    let rest = channels.get(k * BLOCK..).unwrap_or(&[]);
    rest.get(..BLOCK).unwrap_or(rest)
}

/// As [`block`], to be written.
#[inline]
pub(super) fn block_mut<X>(channels: &mut [X], k: usize) -> &mut [X] {
    let end = channels.len().min((k + 1) * BLOCK);
    channels.get_mut(k * BLOCK..end).unwrap_or(&mut [])
}

/// The channels of block `k`, and zeros where there are no more.
#[inline]
pub(super) fn filled<T: Copy + Default>(channels: &[T], k: usize) -> [T; BLOCK] {
    let mut filled = [T::default(); BLOCK];
    for (filled, channel) in filled.iter_mut().zip(block(channels, k)) {
        *filled = *channel;
    }
    filled
}

/// The number of channel `c` of a block; no check that panics is left where the compiler does not see that `c` is below [`BLOCK`].
#[inline(always)]
pub(super) fn of<T: Copy + Default>(c: usize, channels: &[T; BLOCK]) -> T {
    channels.get(c).copied().unwrap_or_default()
}

/// Per channel of block `k`: `Σ f(x, channel)` over the batch and all positions, in f64.
#[inline]
pub(super) fn channel_sums<P: Tensor, const C: usize>(x: &[[P; C]], k: usize, f: impl Fn(P::Scalar, usize) -> f64) -> [f64; BLOCK] {
    let mut sums = [0.0; BLOCK];
    for x in x {
        if const { P::LEN == 1 } {
            let x = block(P::flatten(x), k);
            if let Some(x) = x.first_chunk::<BLOCK>() {
                for c in 0..BLOCK {
                    sums[c] += f(x[c], c);
                }
            } else {
                for (c, (sum, x)) in sums.iter_mut().zip(x).enumerate() {
                    *sum += f(*x, c);
                }
            }
        } else {
            for (c, (total, x)) in sums.iter_mut().zip(block(x, k)).enumerate() {
                *total += sum(x.flat(), |x| f(*x, c));
            }
        }
    }
    sums
}

/// Per channel of block `k`: `Σ f(a, b, channel)`.
#[inline]
pub(super) fn channel_sums_of_pairs<P: Tensor, const C: usize>(
    a: &[[P; C]],
    b: &[[P; C]],
    k: usize,
    f: impl Fn(P::Scalar, P::Scalar, usize) -> f64,
) -> [f64; BLOCK] {
    let mut sums = [0.0; BLOCK];
    for (a, b) in a.iter().zip(b) {
        if const { P::LEN == 1 } {
            let (a, b) = (block(P::flatten(a), k), block(P::flatten(b), k));
            if let (Some(a), Some(b)) = (a.first_chunk::<BLOCK>(), b.first_chunk::<BLOCK>()) {
                for c in 0..BLOCK {
                    sums[c] += f(a[c], b[c], c);
                }
            } else {
                for (c, (sum, (a, b))) in sums.iter_mut().zip(a.iter().zip(b)).enumerate() {
                    *sum += f(*a, *b, c);
                }
            }
        } else {
            for (c, (total, (a, b))) in sums.iter_mut().zip(block(a, k).iter().zip(block(b, k))).enumerate() {
                *total += sum_of_pairs(a.flat(), b.flat(), |a, b| f(*a, *b, c));
            }
        }
    }
    sums
}

/// `y = f(x, channel)` in block `k`.
#[inline]
pub(super) fn map_channels<P: Tensor, const C: usize>(x: &[[P; C]], y: &mut [[P; C]], k: usize, f: impl Fn(P::Scalar, usize) -> P::Scalar) {
    for (x, y) in x.iter().zip(y) {
        if const { P::LEN == 1 } {
            let (x, y) = (block(P::flatten(x), k), block_mut(P::flatten_mut(y), k));
            if let (Some(x), Some(y)) = (x.first_chunk::<BLOCK>(), y.first_chunk_mut::<BLOCK>()) {
                for c in 0..BLOCK {
                    y[c] = f(x[c], c);
                }
            } else {
                for (c, (x, y)) in x.iter().zip(y).enumerate() {
                    *y = f(*x, c);
                }
            }
        } else {
            for (c, (x, y)) in block(x, k).iter().zip(block_mut(y, k)).enumerate() {
                for (x, y) in x.flat().iter().zip(y.flat_mut()) {
                    *y = f(*x, c);
                }
            }
        }
    }
}

/// `to = f(a, b, channel)` in block `k`.
#[inline]
pub(super) fn map_pairs_of_channels<P: Tensor, const C: usize>(
    a: &[[P; C]],
    b: &[[P; C]],
    to: &mut [[P; C]],
    k: usize,
    f: impl Fn(P::Scalar, P::Scalar, usize) -> P::Scalar,
) {
    for ((a, b), to) in a.iter().zip(b).zip(to) {
        if const { P::LEN == 1 } {
            let (a, b, to) = (block(P::flatten(a), k), block(P::flatten(b), k), block_mut(P::flatten_mut(to), k));
            if let (Some(a), Some(b), Some(to)) = (a.first_chunk::<BLOCK>(), b.first_chunk::<BLOCK>(), to.first_chunk_mut::<BLOCK>()) {
                for c in 0..BLOCK {
                    to[c] = f(a[c], b[c], c);
                }
            } else {
                for (c, ((a, b), to)) in a.iter().zip(b).zip(to).enumerate() {
                    *to = f(*a, *b, c);
                }
            }
        } else {
            for (c, ((a, b), to)) in block(a, k).iter().zip(block(b, k)).zip(block_mut(to, k)).enumerate() {
                for ((a, b), to) in a.flat().iter().zip(b.flat()).zip(to.flat_mut()) {
                    *to = f(*a, *b, c);
                }
            }
        }
    }
}
