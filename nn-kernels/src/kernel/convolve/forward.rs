//! The outputs, with samples in lanes, and with places in lanes for what is left of a batch.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `forward` proves once that every access lies inside its slice")]
#![allow(clippy::too_many_arguments, reason = "a struct would only rename them")]

use super::{Plan, ROWS, addresses, sums, tile_rows, to_lanes, with_rows};
use crate::kernel::scratch::Scratch;
use crate::kernel::{Convolve, Lanes};

/// Places whose outputs are transposed together.
const BLOCK: usize = 32;
/// Numbers of inputs with samples in lanes up to which the forward pass finds them in the cache again.
const CACHED: usize = 1 << 16;

/// See [`Convolve`]; `N` registers of places by up to 6 outputs is the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn forward<S: Lanes, const N: usize>(s: S, f: &mut Convolve<'_>) {
    let plan = Plan::new(f.sizes);
    // SAFETY of everything below: the operands hold whole samples; places and taps are inside the padded input by how its size is computed.
    assert!(f.x.len() >= f.samples * plan.input() && f.y.len() >= f.samples * plan.output() && f.w.len() >= plan.weights());
    assert!(f.bias.is_empty() || f.bias.len() >= plan.outputs());
    if plan.output() == 0 {
        return;
    }
    let rest = f.samples % S::LANES;
    let in_lanes = if plan.channels() * plan.plane() * S::LANES > CACHED {
        0
    } else if rest * 4 > S::LANES * 3 {
        f.samples
    } else {
        f.samples - rest
    };
    let y = f.y.as_mut_ptr();
    let mut scratch = Scratch::take();
    if in_lanes > 0 {
        // SAFETY: checked above.
        unsafe { forward_samples::<S, N>(s, &plan, f, in_lanes, y, &mut scratch) };
    }
    if in_lanes < f.samples {
        // SAFETY: checked above.
        unsafe { forward_places::<S, N>(s, &plan, f, in_lanes, y, &mut scratch) };
    }
    scratch.give_back();
}

/// The first `samples`, in lanes.
#[inline(always)]
unsafe fn forward_samples<S: Lanes, const N: usize>(
    s: S,
    plan: &Plan,
    f: &Convolve<'_>,
    samples: usize,
    y: *mut f32,
    scratch: &mut Scratch,
) {
    let sizes = plan.sizes;
    let lengths = [plan.channels() * plan.plane() * S::LANES, ROWS * BLOCK * S::LANES];
    let ([x, block], places) = scratch.split(lengths, plan.places + plan.taps);
    let (places, taps) = places.split_at_mut(plan.places);
    plan.fill_places(S::LANES, places);
    plan.fill_taps(S::LANES, taps);
    if !plan.is_dense() {
        x.fill(0.0);
    }
    let (x, block) = (x.as_mut_ptr(), block.as_mut_ptr());
    let mut first = 0;
    while first < samples {
        let lanes = S::LANES.min(samples - first);
        // SAFETY: `lanes` samples from `first` on exist; `x` has room for their padded inputs, `block` for a tile's outputs.
        unsafe {
            to_lanes(s, plan, lanes, f.x.as_ptr().add(first * plan.input()), plan.input(), x);
            for group in 0..sizes.groups {
                let x = x.add(group * sizes.inputs * plan.plane() * S::LANES);
                let mut start = 0;
                while start < plan.places {
                    let places = &places[start..plan.places.min(start + BLOCK)];
                    let mut o = 0;
                    while o < sizes.outputs {
                        let rows = tile_rows(sizes.outputs - o);
                        let output = group * sizes.outputs + o;
                        let w = f.w.as_ptr().add(output * plan.taps);
                        let bias = f.bias.get(output..).unwrap_or(&[]);
                        with_rows!(rows, samples_tile::<S, _, N>(s, taps, w, bias, x, places, block));
                        for m in 0..rows {
                            let y = y.add(first * plan.output() + (output + m) * plan.places + start);
                            let mut p = 0;
                            while p < places.len() {
                                let width = S::LANES.min(places.len() - p);
                                let from = block.add((m * BLOCK + p) * S::LANES);
                                s.transpose(width, lanes, width, from, S::LANES, y.add(p), plan.output());
                                p += width;
                            }
                        }
                        o += rows;
                    }
                    start += places.len();
                }
            }
        }
        first += lanes;
    }
}

/// `M` outputs at a block of places.
#[inline(always)]
unsafe fn samples_tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    taps: &[usize],
    w: *const f32,
    bias: &[f32],
    x: *const f32,
    places: &[usize],
    block: *mut f32,
) {
    let mut b = [s.splat(0.0); M];
    for (b, bias) in b.iter_mut().zip(bias) {
        *b = s.splat(*bias);
    }
    let (tiles, rest) = places.as_chunks::<N>();
    // SAFETY: places and taps lie inside `x`; the block has room for `M` outputs at `BLOCK` places.
    unsafe {
        for (i, tile) in tiles.iter().enumerate() {
            let z = sums(s, taps, (w, taps.len(), 1), addresses(x, tile), repeated(b));
            for (m, z) in z.iter().enumerate() {
                for (n, z) in z.iter().enumerate() {
                    s.store(*z, block.add((m * BLOCK + i * N + n) * S::LANES));
                }
            }
        }
        for (i, place) in rest.iter().enumerate() {
            let z = sums(s, taps, (w, taps.len(), 1), [x.add(*place)], repeated(b));
            for (m, [z]) in z.iter().enumerate() {
                s.store(*z, block.add((m * BLOCK + tiles.len() * N + i) * S::LANES));
            }
        }
    }
}

/// The samples from `first` on, one after the other, with places in lanes.
#[inline(always)]
unsafe fn forward_places<S: Lanes, const N: usize>(s: S, plan: &Plan, f: &Convolve<'_>, first: usize, y: *mut f32, scratch: &mut Scratch) {
    let sizes = plan.sizes;
    let [[oh, ow], [kh, kw], [down, _], [dh, _]] = [sizes.outputs_along, sizes.kernel, sizes.stride, sizes.dilation];
    // `[KW][C][down][rows][OW]`: rows that are a stride apart lie below each other.
    let rows = oh + (kh - 1) * dh / down;
    let plane = rows * ow;
    let channel = down * plane;
    let copy = plan.channels() * channel;
    // Whole registers are read behind the last place too.
    let ([x], taps) = scratch.split([kw * copy + N * S::LANES], plan.taps);
    let mut each = taps.iter_mut();
    for g in 0..sizes.inputs {
        for ky in 0..kh {
            let row = g * channel + ky * dh % down * plane + ky * dh / down * ow;
            for (kx, tap) in (0..kw).zip(&mut each) {
                *tap = kx * copy + row;
            }
        }
    }
    if !plan.is_dense() {
        x.fill(0.0);
    }
    let x = x.as_mut_ptr();
    for n in first..f.samples {
        // SAFETY: the sample exists, `x` has room for its copies and a register behind them; a sample has `plan.output()` outputs.
        unsafe {
            copy_rows(s, plan, [rows, copy], f.x.as_ptr().add(n * plan.input()), x);
            for group in 0..sizes.groups {
                let x = x.add(group * sizes.inputs * channel);
                let mut o = 0;
                while o < sizes.outputs {
                    let rows = tile_rows(sizes.outputs - o);
                    let output = group * sizes.outputs + o;
                    let w = f.w.as_ptr().add(output * plan.taps);
                    let bias = f.bias.get(output..).unwrap_or(&[]);
                    let y = y.add(n * plan.output() + output * plan.places);
                    with_rows!(rows, places_tile::<S, _, N>(s, taps, w, bias, x, plan.places, y));
                    o += rows;
                }
            }
        }
    }
}

/// Copies each row of a sample once for each column of the kernel, with what that column meets at each output; padding stays as it is.
#[inline(always)]
unsafe fn copy_rows<S: Lanes>(s: S, plan: &Plan, [rows, copy]: [usize; 2], from: *const f32, to: *mut f32) {
    let sizes = plan.sizes;
    let ([h, w], [down, across], [top, left]) = (sizes.inputs_along, sizes.stride, sizes.before);
    let (ow, kw) = (sizes.outputs_along[1], sizes.kernel[1]);
    for kx in 0..kw {
        let tap = kx * sizes.dilation[1];
        // The outputs whose inputs are not padding.
        let start = left.saturating_sub(tap).div_ceil(across);
        let end = ow.min((w + left).saturating_sub(tap).div_ceil(across));
        for c in 0..plan.channels() {
            let (mut phase, mut index) = (top % down, top / down);
            for iy in 0..h.min(plan.rows.saturating_sub(top)) {
                // SAFETY: rows and columns exist, and outputs in the copies.
                unsafe {
                    let from = from.add((c * h + iy) * w);
                    let to = to.add(kx * copy + ((c * down + phase) * rows + index) * ow);
                    let mut ox = start;
                    while ox < end {
                        let (from, to) = (from.add(ox * across + tap - left), to.add(ox));
                        if across > 1 {
                            *to = *from;
                            ox += 1;
                        } else if end - ox >= S::LANES {
                            s.store(s.load(from), to);
                            ox += S::LANES;
                        } else {
                            s.store_first(end - ox, s.load_first(end - ox, from), to);
                            ox = end;
                        }
                    }
                }
                phase += 1;
                if phase == down {
                    (phase, index) = (0, index + 1);
                }
            }
        }
    }
}

/// `M` outputs at all places of a sample.
#[inline(always)]
unsafe fn places_tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    taps: &[usize],
    w: *const f32,
    bias: &[f32],
    x: *const f32,
    places: usize,
    y: *mut f32,
) {
    let mut b = [s.splat(0.0); M];
    for (b, bias) in b.iter_mut().zip(bias) {
        *b = s.splat(*bias);
    }
    let mut p = 0;
    while p < places {
        // SAFETY: whole registers can be read behind the last place too; no more than the places are written.
        unsafe {
            let (x, y, left) = (x.add(p), y.add(p), places - p);
            p += if left > (N - 1) * S::LANES {
                registers_tile::<S, M, N>(s, taps, w, b, x, left, y, places)
            } else if left > S::LANES {
                registers_tile::<S, M, 2>(s, taps, w, b, x, left, y, places)
            } else {
                registers_tile::<S, M, 1>(s, taps, w, b, x, left, y, places)
            };
        }
    }
}

/// `M` outputs at the next `N` registers of places, of which `left` places are there. Gives the places of `N` registers.
#[inline(always)]
unsafe fn registers_tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    taps: &[usize],
    w: *const f32,
    b: [S::V; M],
    x: *const f32,
    left: usize,
    y: *mut f32,
    row: usize,
) -> usize {
    // SAFETY: as in `places_tile`.
    unsafe {
        let mut places = [0; N];
        for (n, place) in places.iter_mut().enumerate() {
            *place = n * S::LANES;
        }
        let x = addresses(x, &places);
        let z = sums::<S, M, N>(s, taps, (w, taps.len(), 1), x, repeated(b));
        for (m, z) in z.iter().enumerate() {
            for (n, z) in z.iter().enumerate() {
                let y = y.add(m * row + n * S::LANES);
                if left >= (n + 1) * S::LANES {
                    s.store(*z, y);
                } else {
                    s.store_first(left - n * S::LANES, *z, y);
                }
            }
        }
    }
    N * S::LANES
}

/// Each register `N` times. (`map` of an array is a function of its own, compiled without the instruction set.)
#[inline(always)]
fn repeated<V: Copy, const M: usize, const N: usize>(registers: [V; M]) -> [[V; N]; M] {
    let mut all = [[registers[0]; N]; M];
    for (all, register) in all.iter_mut().zip(registers) {
        *all = [register; N];
    }
    all
}
