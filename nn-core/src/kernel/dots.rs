//! The dense layer's forward product, `Y = X Wᵀ + b`, where both operands lie in memory as they are summed.
//!
//! With many inputs, `M × N` dot products run side by side, each with a register of partial sums that is added up at the end. With few, that
//! addition would cost more than the product: then a block of `W` is transposed into a small buffer, once for all samples of the batch, and the
//! product goes by the tiles of [`product`](super::product).
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `run` proves once that every access lies inside its slice")]

use super::{Dots, Lanes, Product, product};

/// Inputs up to which a block of the weights is transposed.
const FEW: usize = 256;
/// Outputs in a transposed block.
const BLOCK: usize = 32;
/// Inputs in a transposed block.
const DEPTH: usize = 128;

/// See [`Dots`]; `M` samples by `N` outputs is the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
#[allow(clippy::needless_pass_by_value, reason = "it holds the only borrow of its output")]
pub(crate) fn run<S: Lanes, const M: usize, const N: usize>(s: S, mut d: Dots<'_>) {
    // SAFETY of everything below: every row lies inside its slice.
    assert!(d.x.len() >= d.samples * d.inputs && d.w.len() >= d.outputs * d.inputs && d.y.len() >= d.samples * d.outputs);
    assert!(d.bias.is_empty() || d.bias.len() >= d.outputs);
    if d.inputs <= FEW && d.samples >= 4 {
        return transposed(s, &mut d);
    }
    let y = d.y.as_mut_ptr();
    let mut o = 0;
    while o < d.outputs {
        let mut n = 0;
        let columns = if d.outputs - o >= N { N } else { 1 };
        while n < d.samples {
            let left = d.samples - n;
            macro_rules! rows {
                ($m:literal) => {{
                    // SAFETY: samples n..n + m and outputs o..o + columns exist.
                    unsafe {
                        let y = y.add(n * d.outputs + o);
                        if columns == N {
                            tile::<S, $m, N>(s, &d, y, n, o);
                        } else {
                            tile::<S, $m, 1>(s, &d, y, n, o);
                        }
                    }
                    $m
                }};
            }
            n += if M >= 6 && left >= 6 {
                rows!(6)
            } else if left >= 4 {
                rows!(4)
            } else if left >= 2 {
                rows!(2)
            } else {
                rows!(1)
            };
        }
        o += columns;
    }
}

#[inline(always)]
unsafe fn tile<S: Lanes, const M: usize, const N: usize>(s: S, d: &Dots<'_>, y: *mut f32, n: usize, o: usize) {
    // SAFETY: `run` has checked that the rows exist; the last loads read only what is left of a row.
    unsafe {
        let x = d.x.as_ptr().add(n * d.inputs);
        let w = d.w.as_ptr().add(o * d.inputs);
        let mut sums = [[s.splat(0.0); N]; M];
        let mut i = 0;
        while i + S::LANES <= d.inputs {
            step(s, d, x.add(i), w.add(i), &mut sums, |at| s.load(at));
            i += S::LANES;
        }
        if i < d.inputs {
            step(s, d, x.add(i), w.add(i), &mut sums, |at| s.load_first(d.inputs - i, at));
        }
        for (m, sums) in sums.iter().enumerate() {
            for (j, sum) in sums.iter().enumerate() {
                *y.add(m * d.outputs + j) = s.sum(*sum) + d.bias.get(o + j).copied().unwrap_or(0.0);
            }
        }
    }
}

/// One register of inputs further.
#[inline(always)]
unsafe fn step<S: Lanes, const M: usize, const N: usize>(
    s: S,
    d: &Dots<'_>,
    x: *const f32,
    w: *const f32,
    sums: &mut [[S::V; N]; M],
    load: impl Fn(*const f32) -> S::V,
) {
    // SAFETY: the rows exist, and `load` reads only what is left of them.
    unsafe {
        let mut ws = [s.splat(0.0); N];
        for (j, w_j) in ws.iter_mut().enumerate() {
            *w_j = load(w.add(j * d.inputs));
        }
        for (m, sums) in sums.iter_mut().enumerate() {
            let x_m = load(x.add(m * d.inputs));
            for (sum, w_j) in sums.iter_mut().zip(ws) {
                *sum = s.multiply_add(x_m, w_j, *sum);
            }
        }
    }
}

#[inline(always)]
fn transposed<S: Lanes>(s: S, d: &mut Dots<'_>) {
    let mut block = [0.0_f32; DEPTH * BLOCK];
    let mut o = 0;
    while o < d.outputs {
        let columns = (d.outputs - o).min(BLOCK);
        for n in 0..d.samples {
            let y = &mut d.y[n * d.outputs + o..][..columns];
            match d.bias.get(o..o + columns) {
                Some(bias) => y.copy_from_slice(bias),
                None => y.fill(0.0),
            }
        }
        let mut i = 0;
        while i < d.inputs {
            let depth = (d.inputs - i).min(DEPTH);
            for j in 0..columns {
                let row = &d.w[(o + j) * d.inputs + i..][..depth];
                for (i, w) in row.iter().enumerate() {
                    block[i * BLOCK + j] = *w;
                }
            }
            let (a, c) = (&d.x[i..], &mut d.y[o..]);
            let (a_row, c_row) = (d.inputs, d.outputs);
            let product =
                Product { m: d.samples, n: columns, k: depth, a, a_row, a_column: 1, b: &block, b_row: BLOCK, c, c_row, accumulate: true };
            product::run::<S, 12, 2>(s, product);
            i += depth;
        }
        o += columns;
    }
}
