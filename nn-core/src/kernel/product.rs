//! `C = A B` by register tiles of `M` rows and `N` registers of columns: `M × N` sums stay in registers while `k` runs, each number of `A` is
//! broadcast, each register of `B` loaded once a tile.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `run` proves once that every access lies inside its slice")]

use super::{Lanes, Product};

/// See [`Product`]; `M` and `N` are the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn run<S: Lanes, const M: usize, const N: usize>(s: S, p: &mut Product<'_>) {
    let c = p.c.as_mut_ptr();
    if p.m == 0 || p.n == 0 {
        return;
    }
    // SAFETY of everything below: the largest index of each operand is inside its slice.
    assert!(p.c_row >= p.n && p.c.len() >= (p.m - 1) * p.c_row + p.n);
    assert!(p.k == 0 || (p.a.len() > (p.m - 1) * p.a_row + (p.k - 1) * p.a_column && p.b.len() >= (p.k - 1) * p.b_row + p.n));
    let mut j = 0;
    while j < p.n {
        let left = p.n - j;
        let narrow = if S::Narrow::LANES < S::LANES { S::Narrow::LANES } else { 0 };
        // N registers of columns, one, or half a one; of the last, what is left.
        j += if left > S::LANES + narrow {
            let columns = left.min(N * S::LANES);
            panel::<S, M, N>(s, p, c, j, columns);
            columns
        } else if left > narrow {
            let columns = left.min(S::LANES);
            panel::<S, M, 1>(s, p, c, j, columns);
            columns
        } else {
            panel::<S::Narrow, M, 1>(s.narrow(), p, c, j, left);
            left
        };
    }
}

/// All rows of `columns` columns from `j`.
#[inline(always)]
fn panel<S: Lanes, const M: usize, const N: usize>(s: S, p: &Product<'_>, c: *mut f32, j: usize, columns: usize) {
    let mut i = 0;
    while i < p.m {
        let left = p.m - i;
        macro_rules! rows {
            ($m:literal) => {{
                // SAFETY: rows i..i + m and columns j..j + columns lie inside the operands.
                unsafe { tile::<S, $m, N>(s, p, c.add(i * p.c_row + j), i, j, columns) };
                $m
            }};
        }
        i += if M >= 12 && left >= 12 {
            rows!(12)
        } else if M >= 8 && (left == 8 || left == 9) {
            rows!(8)
        } else if left >= 6 {
            rows!(6)
        } else if left >= 4 {
            rows!(4)
        } else if left >= 2 {
            rows!(2)
        } else {
            rows!(1)
        };
    }
}

/// Rows `i..i + M` and `columns` columns from `j`, the first of which is at `c`; only the last of the `N` registers may be partly used.
#[inline(always)]
unsafe fn tile<S: Lanes, const M: usize, const N: usize>(s: S, p: &Product<'_>, c: *mut f32, i: usize, j: usize, columns: usize) {
    let last = columns - (N - 1) * S::LANES;
    // SAFETY: `run` has checked the ranges.
    unsafe {
        let a = p.a.as_ptr().wrapping_add(i * p.a_row);
        let b = p.b.as_ptr().wrapping_add(j);
        let strides = Strides { k: p.k, a_row: p.a_row, a_column: p.a_column, b_row: p.b_row };
        if last == S::LANES {
            let start = start::<S, M, N>(
                s,
                p,
                c,
                #[inline(always)]
                |at| s.load(at),
            );
            let sums = sums::<S, M, N>(
                s,
                strides,
                a,
                b,
                start,
                #[inline(always)]
                |at| s.load(at),
            );
            store(
                s,
                p,
                c,
                &sums,
                #[inline(always)]
                |sum, at| s.store(sum, at),
            );
        } else {
            let start = start::<S, M, N>(
                s,
                p,
                c,
                #[inline(always)]
                |at| s.load_first(last, at),
            );
            let sums = sums::<S, M, N>(
                s,
                strides,
                a,
                b,
                start,
                #[inline(always)]
                |at| s.load_first(last, at),
            );
            store(
                s,
                p,
                c,
                &sums,
                #[inline(always)]
                |sum, at| s.store_first(last, sum, at),
            );
        }
    }
}

/// What the sums start with: what is there, or 0.
#[inline(always)]
unsafe fn start<S: Lanes, const M: usize, const N: usize>(
    s: S,
    p: &Product<'_>,
    c: *const f32,
    load_last: impl Fn(*const f32) -> S::V,
) -> [[S::V; N]; M] {
    let mut start = [[s.splat(0.0); N]; M];
    if p.accumulate {
        for (i, start) in start.iter_mut().enumerate() {
            for (j, start) in start.iter_mut().enumerate() {
                // SAFETY: `run` has checked the ranges.
                unsafe {
                    let at = c.add(i * p.c_row + j * S::LANES);
                    *start = if j + 1 < N { s.load(at) } else { load_last(at) };
                }
            }
        }
    }
    start
}

#[inline(always)]
unsafe fn store<S: Lanes, const M: usize, const N: usize>(
    s: S,
    p: &Product<'_>,
    c: *mut f32,
    sums: &[[S::V; N]; M],
    store_last: impl Fn(S::V, *mut f32),
) {
    for (i, sums) in sums.iter().enumerate() {
        for (j, sum) in sums.iter().enumerate() {
            // SAFETY: `run` has checked the ranges.
            unsafe {
                let at = c.add(i * p.c_row + j * S::LANES);
                if j + 1 < N { s.store(*sum, at) } else { store_last(*sum, at) }
            }
        }
    }
}

/// How the operands of a tile lie.
#[derive(Clone, Copy)]
pub(super) struct Strides {
    pub k: usize,
    pub a_row: usize,
    pub a_column: usize,
    pub b_row: usize,
}

/// `sums + A B`, with `M` rows of `A` and `N` registers of columns of `B`, of which the last is read by `load_last`.
///
/// # Safety
/// `A` and `B` hold `k` columns and rows.
#[inline(always)]
pub(super) unsafe fn sums<S: Lanes, const M: usize, const N: usize>(
    s: S,
    strides: Strides,
    mut a: *const f32,
    mut b: *const f32,
    mut sums: [[S::V; N]; M],
    load_last: impl Fn(*const f32) -> S::V,
) -> [[S::V; N]; M] {
    for _ in 0..strides.k {
        // SAFETY: the caller's; the pointers move past the last row without being read there.
        unsafe {
            let mut row = [s.splat(0.0); N];
            for (j, b_j) in row.iter_mut().enumerate() {
                let at = b.add(j * S::LANES);
                *b_j = if j + 1 < N { s.load(at) } else { load_last(at) };
            }
            for (i, sums) in sums.iter_mut().enumerate() {
                let a_i = s.splat(*a.add(i * strides.a_row));
                for (sum, b_j) in sums.iter_mut().zip(row) {
                    *sum = s.multiply_add(a_i, b_j, *sum);
                }
            }
        }
        a = a.wrapping_add(strides.a_column);
        b = b.wrapping_add(strides.b_row);
    }
    sums
}
