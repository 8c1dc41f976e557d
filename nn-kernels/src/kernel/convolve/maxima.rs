//! What is left of the windows that are pooled behind a convolution: the maxima, where each was, and their way from lanes to memory.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `pooled::forward` proves once that every access lies inside its slice")]

use crate::kernel::Lanes;

/// Windows whose outputs are transposed together.
pub(super) const BLOCK: usize = 16;

/// Where the outputs go, and, if anyone asks, where each maximum was.
#[derive(Clone, Copy)]
pub(super) struct To {
    pub y: *mut f32,
    pub positions: Option<*mut u8>,
}

impl To {
    pub fn at(self, place: usize) -> Self {
        Self { y: self.y.wrapping_add(place), positions: self.positions.map(|positions| positions.wrapping_add(place)) }
    }
}

/// The largest of a window, and which it is: the first of equal ones, the last NaN before all.
#[inline(always)]
pub(super) fn largest_with_mark<S: Lanes>(s: S, z: &[S::V; 4]) -> (S::V, S::V) {
    let best = s.larger((z[1], s.splat(1.0)), (z[0], s.splat(0.0)));
    let best = s.larger((z[2], s.splat(2.0)), best);
    s.larger((z[3], s.splat(3.0)), best)
}

/// Stores the largest of a window, and which it is.
#[inline(always)]
pub(super) unsafe fn keep<S: Lanes>(s: S, z: &[S::V; 4], at: usize, block: *mut f32, marks: Option<*mut f32>) {
    // SAFETY: the caller's: there is room for a register.
    unsafe {
        if let Some(marks) = marks {
            let (largest, mark) = largest_with_mark(s, z);
            s.store(largest, block.add(at));
            s.store(mark, marks.add(at));
        } else {
            s.store(s.largest(z), block.add(at));
        }
    }
}

/// `count` windows of one output channel of `lanes` samples, transposed: to samples that lie `row` apart. Or of `lanes` channels of a sample.
#[inline(always)]
pub(super) unsafe fn from_lanes<S: Lanes>(
    s: S,
    [count, lanes]: [usize; 2],
    block: *const f32,
    marks: *const f32,
    bytes: *mut f32,
    to: To,
    row: usize,
) {
    let mut p = 0;
    while p < count {
        let width = S::LANES.min(count - p);
        // SAFETY: windows and samples exist; `bytes` has room for as many numbers as a register has bytes of.
        unsafe {
            let to = to.at(p);
            s.transpose(width, lanes, width, block.add(p * S::LANES), S::LANES, to.y, row);
            if let Some(positions) = to.positions {
                s.transpose(width, lanes, width, marks.add(p * S::LANES), S::LANES, bytes, S::LANES);
                for n in 0..lanes {
                    s.store_bytes_first(width, s.load(bytes.add(n * S::LANES)), positions.add(n * row));
                }
            }
        }
        p += width;
    }
}
