//! Single samples with output channels in lanes, and max-pooling behind: the weights are transposed once, inputs are broadcast from where they
//! lie, and nothing is left over at the end of an image.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `pooled::forward` proves once that every access lies inside its slice")]

use super::Plan;
use super::maxima::{BLOCK, To, from_lanes, keep};
use crate::kernel::scratch::Scratch;
use crate::kernel::{ConvolvePool, Lanes};

/// Whether the channels fill all lanes, and neighbouring outputs read neighbouring inputs.
pub(super) fn fit<S: Lanes>(plan: &Plan) -> bool {
    plan.sizes.outputs.is_multiple_of(S::LANES) && plan.sizes.stride[1] == 1
}

/// The samples from `first` on, one after the other; windows of a row `N` at a time.
///
/// # Safety
/// The operands hold whole samples, and [`fit`] says so.
#[inline(always)]
pub(super) unsafe fn forward<S: Lanes, const N: usize>(
    s: S,
    plan: &Plan,
    f: &ConvolvePool<'_>,
    first: usize,
    to: To,
    scratch: &mut Scratch,
) {
    let (sizes, windows) = (plan.sizes, plan.places / 4);
    let [down, across] = [sizes.outputs_along[0] / 2, sizes.outputs_along[1] / 2];
    let (padded, row) = (plan.channels() * plan.plane(), sizes.stride[0] * plan.columns);
    let block = (BLOCK + across) * S::LANES;
    let lengths = [if plan.is_dense() { 0 } else { padded }, plan.taps * S::LANES, block, block, BLOCK * S::LANES];
    let ([x, w, block, marks, bytes], taps) = scratch.split(lengths, plan.taps);
    plan.fill_taps(1, taps);
    x.fill(0.0);
    let (x, w, block, marks, bytes) = (x.as_mut_ptr(), w.as_mut_ptr(), block.as_mut_ptr(), marks.as_mut_ptr(), bytes.as_mut_ptr());
    let marks_kept = to.positions.is_some().then_some(marks);
    let mut o = 0;
    while o < plan.outputs() {
        // SAFETY: outputs, taps and samples exist, a register of each; the blocks have room for a row of windows behind as many as a block has.
        unsafe {
            let mut tap = 0;
            while tap < plan.taps {
                let columns = S::LANES.min(plan.taps - tap);
                let from = f.w.as_ptr().add(o * plan.taps + tap);
                s.transpose(S::LANES, columns, S::LANES, from, plan.taps, w.add(tap * S::LANES), S::LANES);
                tap += columns;
            }
            let bias = if f.bias.is_empty() { s.splat(0.0) } else { s.load(f.bias.as_ptr().add(o)) };
            for n in first..f.samples {
                let mut x_n = f.x.as_ptr().add(n * plan.input());
                if !plan.is_dense() {
                    plan.stretches(|from, to, count| core::ptr::copy_nonoverlapping(x_n.add(from), x.add(to), count));
                    x_n = x;
                }
                let x = x_n.add(o / sizes.outputs * sizes.inputs * plan.plane());
                let to = to.at((n * plan.outputs() + o) * windows);
                let (mut done, mut waiting) = (0, 0);
                for oy in 0..down {
                    let x = x.add(2 * oy * row);
                    let mut ox = 0;
                    while ox < across {
                        let (x, at) = (x.add(2 * ox), waiting * S::LANES);
                        let count = if across - ox >= N {
                            tile::<S, N>(s, taps, w, bias, [x, x.add(row)], block.add(at), marks_kept.map(|marks| marks.add(at)))
                        } else {
                            tile::<S, 1>(s, taps, w, bias, [x, x.add(row)], block.add(at), marks_kept.map(|marks| marks.add(at)))
                        };
                        (ox, waiting) = (ox + count, waiting + count);
                    }
                    if waiting >= BLOCK || oy + 1 == down {
                        from_lanes(s, [waiting, S::LANES], block, marks, bytes, to.at(done), windows);
                        (done, waiting) = (done + waiting, 0);
                    }
                }
            }
        }
        o += S::LANES;
    }
}

/// A register of channels at `N` neighbouring windows, whose first two inputs by the first tap are given. Gives `N`.
#[inline(always)]
unsafe fn tile<S: Lanes, const N: usize>(
    s: S,
    taps: &[usize],
    mut w: *const f32,
    bias: S::V,
    x: [*const f32; 2],
    block: *mut f32,
    marks: Option<*mut f32>,
) -> usize {
    let mut windows = [[bias; 4]; N];
    // SAFETY: the caller's.
    unsafe {
        for tap in taps {
            let w_tap = s.load(w);
            for (n, z) in windows.iter_mut().enumerate() {
                for (i, z) in z.iter_mut().enumerate() {
                    *z = s.multiply_add(s.splat(*x[i / 2].add(tap + 2 * n + i % 2)), w_tap, *z);
                }
            }
            w = w.wrapping_add(S::LANES);
        }
        for (n, z) in windows.iter().enumerate() {
            keep(s, z, n * S::LANES, block, marks);
        }
    }
    N
}
