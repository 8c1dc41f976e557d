//! `sums[j] += Σᵢ x[i][j]`: columns in lanes.
#![allow(unsafe_code, reason = "raw pointers in the inner loop; `run` proves once that every access lies inside its slice")]

use super::{Lanes, SumRows, times};

/// Registers of columns that are summed side by side.
const N: usize = 4;

/// See [`SumRows`].
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn run<S: Lanes>(s: S, f: &mut SumRows<'_>) {
    assert!(f.x.len() >= times(f.rows, f.columns) && f.sums.len() >= f.columns);
    let mut j = 0;
    while j < f.columns {
        let left = f.columns - j;
        // SAFETY: rows and columns lie inside their slices.
        j +=
            unsafe { if left >= N * S::LANES { columns::<S, N>(s, f, j, S::LANES) } else { columns::<S, 1>(s, f, j, left.min(S::LANES)) } };
    }
}

/// The sums of `N` registers of columns from `j` on, the last with `last` of them; gives how many columns these are.
#[inline(always)]
unsafe fn columns<S: Lanes, const N: usize>(s: S, f: &mut SumRows<'_>, j: usize, last: usize) -> usize {
    let mut sums = [s.splat(0.0); N];
    let to = f.sums.as_mut_ptr().wrapping_add(j);
    let mut x = f.x.as_ptr().wrapping_add(j);
    // SAFETY: the caller's; `x` moves past the last row without being read there.
    unsafe {
        if f.accumulate {
            for (n, sum) in sums.iter_mut().enumerate() {
                *sum = s.load_first(last, to.add(n * S::LANES));
            }
        }
        for _ in 0..f.rows {
            for (n, sum) in sums.iter_mut().enumerate() {
                let at = x.add(n * S::LANES);
                *sum = s.add(*sum, if last == S::LANES { s.load(at) } else { s.load_first(last, at) });
            }
            x = x.wrapping_add(f.columns);
        }
        for (n, sum) in sums.iter().enumerate() {
            s.store_first(last, *sum, to.add(n * S::LANES));
        }
    }
    (N - 1) * S::LANES + last
}
