//! Pools.

use super::times;
use crate::kernel::{MaxPool, MaxPoolBackward};

/// See [`MaxPool`].
#[inline(always)]
pub fn max_pool(f: &mut MaxPool<'_>) {
    let &mut MaxPool { planes, inputs_along: [h, w], x, ref mut y, ref mut positions } = f;
    let (inputs, outputs) = (times(planes, times(h, w)), times(planes, times(h / 2, w / 2)));
    if x.len() < inputs || y.len() < outputs || positions.as_ref().is_some_and(|positions| positions.len() < outputs) {
        return;
    }
    let positions = positions.as_mut().map_or(core::ptr::null_mut(), |positions| positions.as_mut_ptr());
    // SAFETY: the lengths are compared.
    unsafe { max_pool_of_planes(planes, h, w, x.as_ptr(), y.as_mut_ptr(), positions) }
}

/// SAFETY: `x` has `planes` of `h` times `w` numbers, `y` and `positions` (if any) a quarter of each.
#[inline(never)]
#[allow(clippy::eq_op, reason = "only NaN differs from itself")]
unsafe fn max_pool_of_planes(planes: usize, h: usize, w: usize, mut x: *const f32, mut y: *mut f32, mut positions: *mut u8) {
    for _ in 0..planes {
        for oy in 0..h / 2 {
            for ox in 0..w / 2 {
                let (mut largest, mut at) = (f32::NEG_INFINITY, 0);
                for position in 0..4_u8 {
                    // SAFETY: within the plane.
                    let x = unsafe { *x.add((2 * oy + usize::from(position / 2)) * w + 2 * ox + usize::from(position % 2)) };
                    if x > largest || x != x {
                        (largest, at) = (x, position);
                    }
                }
                // SAFETY: one output a window.
                unsafe {
                    *y = largest;
                    y = y.add(1);
                    if !positions.is_null() {
                        *positions = at;
                        positions = positions.add(1);
                    }
                }
            }
        }
        // SAFETY: at most behind the last plane.
        x = unsafe { x.add(h * w) };
    }
}

/// See [`MaxPoolBackward`].
#[inline(always)]
pub fn max_pool_backward(f: &mut MaxPoolBackward<'_>) {
    let &mut MaxPoolBackward { planes, inputs_along: [h, w], positions, dy, ref mut dx } = f;
    let (inputs, outputs) = (times(planes, times(h, w)), times(planes, times(h / 2, w / 2)));
    if dx.len() < inputs || dy.len() < outputs || positions.len() < outputs {
        return;
    }
    // SAFETY: the lengths are compared.
    unsafe {
        dx.as_mut_ptr().write_bytes(0, inputs);
        max_pool_backward_of_planes(planes, h, w, positions.as_ptr(), dy.as_ptr(), dx.as_mut_ptr());
    }
}

/// SAFETY: `dx` has `planes` of `h` times `w` numbers, `dy` and `positions` a quarter of each.
#[inline(never)]
unsafe fn max_pool_backward_of_planes(planes: usize, h: usize, w: usize, mut positions: *const u8, mut dy: *const f32, mut dx: *mut f32) {
    for _ in 0..planes {
        for oy in 0..h / 2 {
            for ox in 0..w / 2 {
                // SAFETY: a position is taken below 4, so that it lies in the window; one output a window.
                unsafe {
                    let position = usize::from(*positions);
                    *dx.add((2 * oy + position / 2 % 2) * w + 2 * ox + position % 2) += *dy;
                    (dy, positions) = (dy.add(1), positions.add(1));
                }
            }
        }
        // SAFETY: at most behind the last plane.
        dx = unsafe { dx.add(h * w) };
    }
}
