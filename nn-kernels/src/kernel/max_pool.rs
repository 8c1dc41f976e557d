//! Max-pooling over windows of 2 × 2 that lie side by side: neighbouring outputs in lanes, the even and odd columns of two rows apart.
#![allow(
    unsafe_code,
    reason = "raw pointers in the inner loops; `forward` and `backward` prove once that every access lies inside its slice"
)]

use super::{Lanes, MaxPool, MaxPoolBackward, times};

/// See [`MaxPool`].
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn forward<S: Lanes>(s: S, f: &mut MaxPool<'_>) {
    let [h, w] = f.inputs_along;
    let [oh, ow] = [h / 2, w / 2];
    // SAFETY of everything below: all planes lie inside their slices, and rows and columns inside a plane.
    assert!(f.x.len() >= times(f.planes, times(h, w)) && f.y.len() >= times(f.planes, times(oh, ow)));
    match &mut f.positions {
        Some(positions) => {
            assert!(positions.len() >= times(f.planes, times(oh, ow)));
            let positions = positions.as_mut_ptr();
            // SAFETY: checked above.
            unsafe { planes(s, f.planes, [h, w], f.x, f.y, |at, n, position| s.store_bytes_first(n, position, positions.add(at))) };
        }
        // SAFETY: checked above.
        None => unsafe { planes(s, f.planes, [h, w], f.x, f.y, |_, _, _| ()) },
    }
}

/// Calls `keep(place, count, positions)` for every register of outputs.
#[inline(always)]
unsafe fn planes<S: Lanes>(s: S, planes: usize, [h, w]: [usize; 2], x: &[f32], y: &mut [f32], keep: impl Fn(usize, usize, S::V)) {
    let [oh, ow] = [h / 2, w / 2];
    let (x, y) = (x.as_ptr(), y.as_mut_ptr());
    let [second, third, fourth] = [1.0, 2.0, 3.0].map(|position| s.splat(position));
    for plane in 0..planes {
        for oy in 0..oh {
            let mut ox = 0;
            while ox < ow {
                let n = S::LANES.min(ow - ox);
                let at = (plane * oh + oy) * ow + ox;
                // SAFETY: `n` windows lie inside the rows `2 oy` and `2 oy + 1`.
                unsafe {
                    let x = x.add((plane * h + 2 * oy) * w + 2 * ox);
                    let ((a, b), (c, d)) = (s.load_pairs_first(n, x), s.load_pairs_first(n, x.add(w)));
                    let best = s.larger((b, second), (a, s.splat(0.0)));
                    let best = s.larger((c, third), best);
                    let (largest, position) = s.larger((d, fourth), best);
                    s.store_first(n, largest, y.add(at));
                    keep(at, n, position);
                }
                ox += n;
            }
        }
    }
}

/// See [`MaxPoolBackward`].
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn backward<S: Lanes>(s: S, f: &mut MaxPoolBackward<'_>) {
    let [h, w] = f.inputs_along;
    let [oh, ow] = [h / 2, w / 2];
    // SAFETY of everything below: as in `forward`.
    let outputs = times(f.planes, times(oh, ow));
    assert!(f.dx.len() >= times(f.planes, times(h, w)) && f.dy.len() >= outputs && f.positions.len() >= outputs);
    if [h, w] != [2 * oh, 2 * ow] {
        // A last row or column that no window holds.
        f.dx.fill(0.0);
    }
    let (dx, dy, positions) = (f.dx.as_mut_ptr(), f.dy.as_ptr(), f.positions.as_ptr());
    let [first, second, third, fourth] = [0.0, 1.0, 2.0, 3.0].map(|position| s.splat(position));
    for plane in 0..f.planes {
        for oy in 0..oh {
            let mut ox = 0;
            while ox < ow {
                let n = S::LANES.min(ow - ox);
                let at = (plane * oh + oy) * ow + ox;
                // SAFETY: `n` windows lie inside the rows `2 oy` and `2 oy + 1`.
                unsafe {
                    let (position, dy) = (s.load_bytes_first(n, positions.add(at)), s.load_first(n, dy.add(at)));
                    let dx = dx.add((plane * h + 2 * oy) * w + 2 * ox);
                    s.store_pairs_first(n, (s.where_equal(position, first, dy), s.where_equal(position, second, dy)), dx);
                    s.store_pairs_first(n, (s.where_equal(position, third, dy), s.where_equal(position, fourth, dy)), dx.add(w));
                }
                ox += n;
            }
        }
    }
}
