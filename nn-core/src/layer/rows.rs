//! Neighbouring numbers along the rows of an image: read many at a time, with padding, and written.

use crate::Scalar;

/// How many neighbouring columns to sum at a time, for `m` rows of `width`: enough sums at once to hide each addition's latency, few enough
/// for the registers.
pub(crate) const fn lanes(m: usize, width: usize) -> usize {
    if m <= 2 && width >= 16 {
        16
    } else if width >= 8 {
        8
    } else {
        width
    }
}

/// The `N` values from `first` on.
#[inline]
pub(crate) fn part<X, const N: usize>(values: &[X], first: usize) -> Option<&[X; N]> {
    values.get(first..)?.first_chunk()
}

/// As [`part`], to be written.
#[inline]
pub(crate) fn part_mut<X, const N: usize>(values: &mut [X], first: usize) -> Option<&mut [X; N]> {
    values.get_mut(first..)?.first_chunk_mut()
}

/// `N` numbers of a row of a plane, from column `first` on with a stride; `outside` in padding.
#[inline]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "columns lie far below 2³¹; those before the first are negative"
)]
pub(crate) fn columns<T: Scalar, const N: usize, const W: usize, const H: usize>(
    planes: &[[[T; W]; H]],
    plane: usize,
    row: usize,
    first: usize,
    stride: usize,
    outside: T,
) -> [T; N] {
    let mut values = [outside; N];
    let span = (N - 1) * stride + 1;
    let start = ((plane * H + row) * W).wrapping_add(first);
    if let Some(around) = planes.as_flattened().as_flattened().get(start..start.wrapping_add(span)) {
        for n in 0..N {
            if let Some(value) = around.get(n * stride) {
                values[n] = *value;
            }
        }
        if first >= W || first + span > W {
            // In padding this has read the rows before and after: dropped without a branch for each number.
            for n in 0..N {
                let column = (first as i32).wrapping_add((n * stride) as i32);
                values[n] = if column >= 0 && column < W as i32 { values[n] } else { outside };
            }
        }
    } else if let Some(row) = planes.get(plane).and_then(|plane| plane.get(row)) {
        // At the two ends of all planes.
        for n in 0..N {
            if let Some(value) = row.get(first.wrapping_add(n * stride)) {
                values[n] = *value;
            }
        }
    }
    values
}

/// Writes `values` to a row, from column `first` on with a stride; leaves out those behind the row's end.
#[inline]
pub(crate) fn store<T: Scalar, const N: usize, const W: usize>(row: &mut [T; W], first: usize, stride: usize, values: &[T; N]) {
    if stride == 1
        && let Some(row) = part_mut(row, first)
    {
        *row = *values;
        return;
    }
    for n in 0..N {
        if let Some(x) = row.get_mut(first + n * stride) {
            *x = values[n];
        }
    }
}

/// The numbers of a batch, or of all weights, in a row.
#[inline]
pub(crate) fn flat<T, const A: usize, const B: usize, const C: usize>(values: &[[[[T; A]; B]; C]]) -> &[T] {
    values.as_flattened().as_flattened().as_flattened()
}

/// As [`flat`], to be written.
#[inline]
pub(crate) fn flat_mut<T, const A: usize, const B: usize, const C: usize>(values: &mut [[[[T; A]; B]; C]]) -> &mut [T] {
    values.as_flattened_mut().as_flattened_mut().as_flattened_mut()
}
