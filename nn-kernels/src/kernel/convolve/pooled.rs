//! The outputs with the max-pooling behind them: the four outputs of a window are summed in registers side by side, and only the largest is
//! written.
//!
//! - **Samples in lanes.** The places of a tile are those of a window.
//! - **Places in lanes.** Neighbouring windows lie in the lanes of a register, one register for each of their four places. What these read
//!   lies as what a convolution reads that slides by whole windows and has taps for all that a window reads: see [`windows`].
//! - **Channels in lanes**, where there are enough of them: see [`channels`].
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `forward` proves once that every access lies inside its slice")]
#![allow(clippy::too_many_arguments, reason = "a struct would only rename them")]

use super::forward::{Copies, biases, copy_rows, in_lanes, repeated};
use super::maxima::{BLOCK, To, from_lanes, keep, largest_with_mark};
use super::{Plan, ROWS, addresses, channels, sums, tile_rows, to_lanes, with_rows};
use crate::kernel::scratch::Scratch;
use crate::kernel::{ConvolutionSizes, ConvolvePool, Lanes, times};

/// See [`ConvolvePool`]; `N` is 4 or 2, the outputs of a window that are summed at a time.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn forward<S: Lanes, const N: usize>(s: S, f: &mut ConvolvePool<'_>) {
    let plan = Plan::pooled(f.sizes);
    let output = plan.output() / 4;
    // SAFETY of everything below: the operands hold whole samples; places and taps are inside the padded input by how its size is computed.
    assert!(f.x.len() >= times(f.samples, plan.input()) && f.y.len() >= times(f.samples, output) && f.w.len() >= plan.weights());
    assert!(f.bias.is_empty() || f.bias.len() >= plan.outputs());
    assert!(f.positions.as_ref().is_none_or(|positions| positions.len() >= times(f.samples, output)));
    if output == 0 {
        return;
    }
    let to = To { y: f.y.as_mut_ptr(), positions: f.positions.as_mut().map(|positions| positions.as_mut_ptr()) };
    let in_lanes = in_lanes::<S>(&plan, f.samples);
    let mut scratch = Scratch::take();
    // SAFETY: checked above.
    unsafe {
        if in_lanes > 0 {
            forward_samples::<S, N>(s, &plan, f, in_lanes, to, &mut scratch);
        }
        if in_lanes < f.samples {
            if channels::fit::<S>(&plan) {
                channels::forward::<S, N>(s, &plan, f, in_lanes, to, &mut scratch);
            } else {
                forward_places(s, &plan, f, in_lanes, to, &mut scratch);
            }
        }
    }
    scratch.give_back();
}

/// The outputs of the windows of `M` channels; with one list of taps for the first two places of a window, and one for the others.
#[inline(always)]
unsafe fn window<S: Lanes, const M: usize, const N: usize>(
    s: S,
    taps: [&[usize]; 2],
    w: *const f32,
    b: &[S::V; M],
    x: &[*const f32; 4],
) -> [[S::V; 4]; M] {
    let mut all = [[s.splat(0.0); 4]; M];
    for (i, (x, taps)) in x.as_chunks::<N>().0.iter().zip(taps).enumerate() {
        // SAFETY: as the caller promises: places and taps lie inside of `x`.
        let z = unsafe { sums::<S, M, N>(s, taps, (w, taps.len(), 1), *x, repeated(*b)) };
        for (all, z) in all.iter_mut().zip(z) {
            for (n, z) in z.iter().enumerate() {
                all[i * N + n] = *z;
            }
        }
    }
    all
}

/// The first `samples`, in lanes.
#[inline(always)]
unsafe fn forward_samples<S: Lanes, const N: usize>(
    s: S,
    plan: &Plan,
    f: &ConvolvePool<'_>,
    samples: usize,
    to: To,
    scratch: &mut Scratch,
) {
    let (sizes, windows) = (plan.sizes, plan.places / 4);
    let block = ROWS * BLOCK * S::LANES;
    let lengths = [plan.channels() * plan.plane() * S::LANES, block, block, BLOCK * S::LANES];
    let ([x, block, marks, bytes], places) = scratch.split(lengths, plan.places + plan.taps);
    let (places, taps) = places.split_at_mut(plan.places);
    plan.fill_places(S::LANES, places);
    plan.fill_taps(S::LANES, taps);
    if !plan.is_dense() {
        x.fill(0.0);
    }
    let (x, block, marks, bytes) = (x.as_mut_ptr(), block.as_mut_ptr(), marks.as_mut_ptr(), bytes.as_mut_ptr());
    let keep = to.positions.is_some();
    let mut first = 0;
    while first < samples {
        let lanes = S::LANES.min(samples - first);
        // SAFETY: `lanes` samples from `first` on exist; `x` has room for their padded inputs, the blocks for a tile's outputs.
        unsafe {
            to_lanes(s, plan, lanes, f.x.as_ptr().add(first * plan.input()), plan.input(), x);
            for group in 0..sizes.groups {
                let x = x.add(group * sizes.inputs * plan.plane() * S::LANES);
                let mut start = 0;
                while start < windows {
                    let count = BLOCK.min(windows - start);
                    let (places, _) = places[4 * start..4 * (start + count)].as_chunks::<4>();
                    let mut o = 0;
                    while o < sizes.outputs {
                        let rows = tile_rows(sizes.outputs - o);
                        let output = group * sizes.outputs + o;
                        let w = f.w.as_ptr().add(output * plan.taps);
                        let bias = f.bias.get(output..).unwrap_or(&[]);
                        with_rows!(rows, samples_tile::<S, _, N>(s, taps, w, bias, x, places, block, keep.then_some(marks)));
                        for m in 0..rows {
                            let row = plan.outputs() * windows;
                            let to = to.at(first * row + (output + m) * windows + start);
                            let of = m * BLOCK * S::LANES;
                            from_lanes(s, [count, lanes], block.add(of), marks.add(of), bytes, to, row);
                        }
                        o += rows;
                    }
                    start += count;
                }
            }
        }
        first += lanes;
    }
}

/// `M` outputs of a block of windows.
#[inline(always)]
unsafe fn samples_tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    taps: &[usize],
    w: *const f32,
    bias: &[f32],
    x: *const f32,
    places: &[[usize; 4]],
    block: *mut f32,
    marks: Option<*mut f32>,
) {
    let b = biases(s, bias);
    for (i, places) in places.iter().enumerate() {
        // SAFETY: places and taps lie inside `x`; the blocks have room for `M` outputs of `BLOCK` windows.
        unsafe {
            let z = window::<S, M, N>(s, [taps; 2], w, &b, &addresses(x, places));
            for (m, z) in z.iter().enumerate() {
                keep(s, z, (m * BLOCK + i) * S::LANES, block, marks);
            }
        }
    }
}

/// The convolution that slides by whole windows, with taps for every row and column that a window reads.
fn windows(sizes: ConvolutionSizes) -> ConvolutionSizes {
    let [mut outputs_along, mut stride, mut kernel] = [sizes.outputs_along, sizes.stride, sizes.kernel];
    for axis in 0..2 {
        kernel[axis] = kernel[axis].saturating_sub(1) * sizes.dilation[axis] + stride[axis] + 1;
        outputs_along[axis] /= 2;
        stride[axis] *= 2;
    }
    ConvolutionSizes { outputs_along, stride, kernel, dilation: [1, 1], ..sizes }
}

/// The samples from `first` on, one after the other, with places in lanes.
#[inline(always)]
unsafe fn forward_places<S: Lanes>(s: S, plan: &Plan, f: &ConvolvePool<'_>, first: usize, to: To, scratch: &mut Scratch) {
    let (sizes, reads, windows) = (plan.sizes, Plan::new(windows(plan.sizes)), plan.places / 4);
    let copies = Copies::new(&reads, S::LANES);
    // Whole registers are read behind the last place too.
    let ([x], taps) = scratch.split([reads.sizes.kernel[1] * copies.copy], 2 * plan.taps);
    let (upper, lower) = taps.split_at_mut(plan.taps);
    copies.fill_taps(&sizes, 0, upper);
    copies.fill_taps(&sizes, sizes.stride[0], lower);
    if !reads.is_dense() {
        x.fill(0.0);
    }
    let x = x.as_mut_ptr();
    let output = plan.outputs() * windows;
    for n in first..f.samples {
        // SAFETY: the sample exists, `x` has room for its copies and a register behind them; a sample has `output` outputs.
        unsafe {
            copy_rows(s, &reads, &copies, f.x.as_ptr().add(n * plan.input()), x);
            for group in 0..sizes.groups {
                let x = x.add(group * sizes.inputs * copies.channel);
                let mut o = 0;
                while o < sizes.outputs {
                    let rows = tile_rows(sizes.outputs - o);
                    let of = group * sizes.outputs + o;
                    let w = f.w.as_ptr().add(of * plan.taps);
                    let bias = f.bias.get(of..).unwrap_or(&[]);
                    let to = to.at(n * output + of * windows);
                    let across = sizes.stride[1] * copies.copy;
                    with_rows!(rows, places_tile::<S, _, 2>(s, [upper, lower], w, bias, x, across, windows, to));
                    o += rows;
                }
            }
        }
    }
}

/// `M` outputs at all windows of a sample; the second column of each window reads `across` behind the first.
#[inline(always)]
unsafe fn places_tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    taps: [&[usize]; 2],
    w: *const f32,
    bias: &[f32],
    x: *const f32,
    across: usize,
    windows: usize,
    to: To,
) {
    let (b, mut p) = (biases(s, bias), 0);
    while p < windows {
        let width = S::LANES.min(windows - p);
        // SAFETY: whole registers can be read behind the last place too; no more than the windows are written.
        unsafe {
            let x = x.add(p);
            let z = window::<S, M, N>(s, taps, w, &b, &[x, x.add(across), x, x.add(across)]);
            for (m, z) in z.iter().enumerate() {
                let to = to.at(m * windows + p);
                if let Some(positions) = to.positions {
                    let (largest, mark) = largest_with_mark(s, z);
                    s.store_first(width, largest, to.y);
                    s.store_bytes_first(width, mark, positions);
                } else {
                    s.store_first(width, s.largest(z), to.y);
                }
            }
        }
        p += width;
    }
}
