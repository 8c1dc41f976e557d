//! The last few columns of a product: `Cᵀ = Bᵀ Aᵀ` with rows in lanes, where columns would leave most of them empty.
//!
//! Of 100 columns 4 are left by six registers, and a register for them took 15 % of a product for 4 % of its multiply-adds. To go across
//! gains 5 % of a training step of 56-100-100-100-1. Every sum is still made in one order, so that a cut by rows changes no bit.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `multiply` has proved that every access lies inside its slice")]

use super::super::scratch::Scratch;
use super::{Lanes, Operands, Strides, sums};

/// Registers of rows at a time.
const N: usize = 2;
/// What is summed over at least, so that transposing pays.
const DEPTH: usize = 16;

/// `columns` columns from `j` on, which are at most as many as half a register holds; gives of how many rows.
///
/// # Safety
/// The operands are those that `multiply` has checked; the sums start with 0.
#[inline(always)]
pub(super) unsafe fn run<S: Lanes>(s: S, p: Operands, j: usize, columns: usize) -> usize {
    let Strides { k, a_row, a_column, b_row } = p.strides;
    let width = N * S::LANES;
    let rows = p.m / width * width;
    let in_rows = a_row == 1;
    if rows == 0 || k < DEPTH || !(in_rows || a_column == 1) {
        return 0;
    }
    let mut scratch = Scratch::take();
    let ([packed, waiting], _) = scratch.split([if in_rows { 0 } else { k * width }, S::LANES * width], 0);
    let (packed, waiting) = (packed.as_mut_ptr(), waiting.as_mut_ptr());
    for i in (0..rows).step_by(width) {
        // SAFETY: rows `i..i + width` and the columns exist; the scratch was split for them.
        unsafe {
            let mut lanes = p.a.add(i * a_row);
            let mut strides = Strides { k, a_row: 1, a_column: b_row, b_row: a_column };
            if !in_rows {
                for l in (0..k).step_by(S::LANES) {
                    for r in (0..width).step_by(S::LANES) {
                        let (from, to) = (lanes.add(r * a_row + l), packed.add(l * width + r));
                        s.transpose(S::LANES, S::LANES.min(k - l), S::LANES, from, a_row, to, width);
                    }
                }
                (lanes, strides.b_row) = (packed, width);
            }
            let mut c = 0;
            while c < columns {
                let (left, b, to) = (columns - c, p.b.add(j + c), waiting.add(c * width));
                macro_rules! columns {
                    ($m:literal) => {{
                        s.apart(
                            #[inline(always)]
                            || tile::<S, $m>(s, strides, b, lanes, to),
                        );
                        $m
                    }};
                }
                c += if left >= 8 {
                    columns!(8)
                } else if left >= 4 {
                    columns!(4)
                } else if left >= 2 {
                    columns!(2)
                } else {
                    columns!(1)
                };
            }
            for r in (0..width).step_by(S::LANES) {
                let to = p.c.add((i + r) * p.c_row + j);
                s.transpose(columns, S::LANES, columns, waiting.add(r), width, to, p.c_row);
            }
        }
    }
    scratch.give_back();
    rows
}

/// The sums of `M` columns of a block of rows.
#[inline(always)]
unsafe fn tile<S: Lanes, const M: usize>(s: S, strides: Strides, b: *const f32, lanes: *const f32, to: *mut f32) {
    // SAFETY: the caller's.
    unsafe {
        let zeros = [[s.splat(0.0); N]; M];
        let sums = sums::<S, M, N>(
            s,
            strides,
            b,
            lanes,
            zeros,
            #[inline(always)]
            |at| s.load(at),
        );
        for (m, sums) in sums.iter().enumerate() {
            for (n, sum) in sums.iter().enumerate() {
                s.store(*sum, to.add((m * N + n) * S::LANES));
            }
        }
    }
}
