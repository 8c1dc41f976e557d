//! `C = A B` by register tiles of `M` rows and `N` registers of columns: `M × N` sums stay in registers while `k` runs, each number of `A` is
//! broadcast, each register of `B` loaded once a tile. The last few columns go the other way round: `across`.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `multiply` proves once that every access lies inside its slice")]

mod across;

use super::{Lanes, Product, times};

/// See [`Product`]; `M` and `N` are the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn run<S: Lanes, const M: usize, const N: usize>(s: S, p: &mut Product<'_>) {
    let start = p.accumulate.then_some(Start { from: p.c.as_ptr(), row: p.c_row });
    multiply::<S, M, N>(s, p, start, false);
}

/// `C = A B`, with `first` added to every row, and where `relu` says so `max(0, …)` of that.
#[inline(always)]
pub(super) fn run_from<S: Lanes, const M: usize, const N: usize>(s: S, p: &mut Product<'_>, first: &[f32], relu: bool) {
    assert!(first.len() >= p.n);
    multiply::<S, M, N>(s, p, Some(Start { from: first.as_ptr(), row: 0 }), relu);
}

/// What the sums start with, if not with 0.
#[derive(Clone, Copy)]
struct Start {
    from: *const f32,
    row: usize,
}

/// A product whose sizes have been checked.
#[derive(Clone, Copy)]
struct Operands {
    m: usize,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
    strides: Strides,
    start: Option<Start>,
    relu: bool,
}

#[inline(always)]
fn multiply<S: Lanes, const M: usize, const N: usize>(s: S, p: &mut Product<'_>, start: Option<Start>, relu: bool) {
    let n = p.n;
    if p.m == 0 || n == 0 {
        return;
    }
    // SAFETY of everything below: the largest index of each operand is inside its slice, and the start is as large as `C`.
    assert!(p.a_row == 1 || p.a_column == 1);
    assert!(p.c_row >= n && p.c.len() >= times(p.m - 1, p.c_row).saturating_add(n));
    let last_of_a = times(p.m - 1, p.a_row).saturating_add(times(p.k.saturating_sub(1), p.a_column));
    assert!(p.k == 0 || (p.a.len() > last_of_a && p.b.len() >= times(p.k - 1, p.b_row).saturating_add(n)));
    // A copy, so that no store into `C` could change it.
    let p = Operands {
        m: p.m,
        a: p.a.as_ptr(),
        b: p.b.as_ptr(),
        c: p.c.as_mut_ptr(),
        c_row: p.c_row,
        strides: Strides { k: p.k, a_row: p.a_row, a_column: p.a_column, b_row: p.b_row },
        start,
        relu,
    };
    if p.strides.a_column == 1 {
        columns::<S, M, N, true>(s, p, n);
    } else {
        columns::<S, M, N, false>(s, p, n);
    }
}

/// All `n` columns, panel by panel, each a function of its own. `ROWS` says that the rows of `A` lie as they are summed; else its columns
/// lie side by side. With two strides that the compiler does not know, it finds the next number of `A` by adding to the place of the last,
/// and a narrow tile waits for these sums.
#[inline(always)]
fn columns<S: Lanes, const M: usize, const N: usize, const ROWS: bool>(s: S, p: Operands, n: usize) {
    let narrow = if S::Narrow::LANES < S::LANES { S::Narrow::LANES } else { 0 };
    let mut j = 0;
    while j < n {
        let left = n - j;
        // N registers of columns, one, or half a one; of the last, what is left.
        j += if left > S::LANES + narrow {
            let columns = left.min(N * S::LANES);
            s.apart(
                #[inline(always)]
                || panel::<S, M, N, ROWS>(s, p, 0, j, columns),
            );
            columns
        } else if left > narrow {
            let columns = left.min(S::LANES);
            s.apart(
                #[inline(always)]
                || panel::<S, M, 1, ROWS>(s, p, 0, j, columns),
            );
            columns
        } else {
            s.apart(
                #[inline(always)]
                || {
                    // SAFETY: the columns exist, half a register holds them, and the sums start with 0.
                    let done = if p.start.is_none() { unsafe { across::run(s, p, j, left) } } else { 0 };
                    panel::<S::Narrow, M, 1, ROWS>(s.narrow(), p, done, j, left);
                },
            );
            left
        };
    }
}

/// Calls `$rows!` with the number of rows of the next tile, of at most `$most`, where `$left` are left; it gives that number. Eight or nine
/// rows are one tile, and perhaps a row, rather than six and the rest.
macro_rules! next_rows {
    ($most:expr, $left:expr, $rows:ident) => {
        if $most >= 12 && $left >= 12 {
            $rows!(12)
        } else if $most >= 8 && ($left == 8 || $left == 9) {
            $rows!(8)
        } else if $left >= 6 {
            $rows!(6)
        } else if $left >= 4 {
            $rows!(4)
        } else if $left >= 2 {
            $rows!(2)
        } else {
            $rows!(1)
        }
    };
}
pub(super) use next_rows;

/// The rows from `i` on of `columns` columns from `j`.
#[inline(always)]
fn panel<S: Lanes, const M: usize, const N: usize, const ROWS: bool>(s: S, p: Operands, mut i: usize, j: usize, columns: usize) {
    let strides = if ROWS { Strides { a_column: 1, ..p.strides } } else { Strides { a_row: 1, ..p.strides } };
    let p = Operands { strides, ..p };
    while i < p.m {
        let left = p.m - i;
        macro_rules! rows {
            ($m:literal) => {{
                // SAFETY: rows i..i + m and columns j..j + columns lie inside the operands.
                unsafe { tile::<S, $m, N>(s, p, i, j, columns) };
                $m
            }};
        }
        i += next_rows!(M, left, rows);
    }
}

/// Rows `i..i + M` and `columns` columns from `j`; only the last of the `N` registers may be partly used.
#[inline(always)]
unsafe fn tile<S: Lanes, const M: usize, const N: usize>(s: S, p: Operands, i: usize, j: usize, columns: usize) {
    let last = columns - (N - 1) * S::LANES;
    // SAFETY: `multiply` has checked the ranges.
    unsafe {
        let a = p.a.wrapping_add(i * p.strides.a_row);
        let b = p.b.wrapping_add(j);
        let c = p.c.add(i * p.c_row + j);
        let mut start = p.start;
        if let Some(start) = &mut start {
            start.from = start.from.add(i * start.row + j);
        }
        if last == S::LANES {
            let start = first::<S, M, N>(
                s,
                start,
                #[inline(always)]
                |at| s.load(at),
            );
            let mut sums = sums::<S, M, N>(
                s,
                p.strides,
                a,
                b,
                start,
                #[inline(always)]
                |at| s.load(at),
            );
            if p.relu {
                rectify(s, &mut sums);
            }
            store(
                s,
                c,
                p.c_row,
                &sums,
                #[inline(always)]
                |sum, at| s.store(sum, at),
            );
        } else {
            let start = first::<S, M, N>(
                s,
                start,
                #[inline(always)]
                |at| s.load_first(last, at),
            );
            let mut sums = sums::<S, M, N>(
                s,
                p.strides,
                a,
                b,
                start,
                #[inline(always)]
                |at| s.load_first(last, at),
            );
            if p.relu {
                rectify(s, &mut sums);
            }
            store(
                s,
                c,
                p.c_row,
                &sums,
                #[inline(always)]
                |sum, at| s.store_first(last, sum, at),
            );
        }
    }
}

/// What the sums of a tile start with.
#[inline(always)]
unsafe fn first<S: Lanes, const M: usize, const N: usize>(
    s: S,
    start: Option<Start>,
    load_last: impl Fn(*const f32) -> S::V,
) -> [[S::V; N]; M] {
    let mut first = [[s.splat(0.0); N]; M];
    if let Some(start) = start {
        for (i, first) in first.iter_mut().enumerate() {
            for (j, first) in first.iter_mut().enumerate() {
                // SAFETY: `multiply` has checked the ranges.
                unsafe {
                    let at = start.from.add(i * start.row + j * S::LANES);
                    *first = if j + 1 < N { s.load(at) } else { load_last(at) };
                }
            }
        }
    }
    first
}

/// `max(0, …)`.
#[inline(always)]
fn rectify<S: Lanes, const M: usize, const N: usize>(s: S, sums: &mut [[S::V; N]; M]) {
    for sum in sums.as_flattened_mut() {
        *sum = s.at_least(s.splat(0.0), *sum);
    }
}

#[inline(always)]
unsafe fn store<S: Lanes, const M: usize, const N: usize>(
    s: S,
    c: *mut f32,
    row: usize,
    sums: &[[S::V; N]; M],
    store_last: impl Fn(S::V, *mut f32),
) {
    for (i, sums) in sums.iter().enumerate() {
        for (j, sum) in sums.iter().enumerate() {
            // SAFETY: `multiply` has checked the ranges.
            unsafe {
                let at = c.add(i * row + j * S::LANES);
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
