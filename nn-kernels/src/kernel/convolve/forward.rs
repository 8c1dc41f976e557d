//! The outputs, with samples in lanes, and with places in lanes for what is left of a batch.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `forward` proves once that every access lies inside its slice")]
#![allow(clippy::too_many_arguments, reason = "a struct would only rename them")]

use super::{Plan, ROWS, addresses, sums, tile_rows, to_lanes, with_rows};
use crate::kernel::scratch::Scratch;
use crate::kernel::{ConvolutionSizes, Convolve, Lanes, times};

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
    assert!(f.x.len() >= times(f.samples, plan.input()) && f.y.len() >= times(f.samples, plan.output()) && f.w.len() >= plan.weights());
    assert!(f.bias.is_empty() || f.bias.len() >= plan.outputs());
    if plan.output() == 0 {
        return;
    }
    let in_lanes = in_lanes::<S>(&plan, f.samples);
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

/// How many of so many samples, from the first on, are worth being computed in lanes.
#[inline(always)]
pub(super) fn in_lanes<S: Lanes>(plan: &Plan, samples: usize) -> usize {
    let rest = samples % S::LANES;
    if plan.channels() * plan.plane() * S::LANES > CACHED {
        0
    } else if rest * 4 > S::LANES * 3 {
        samples
    } else {
        samples - rest
    }
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
    let b = biases::<S, M>(s, bias);
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
    let copies = Copies::new(plan, S::LANES);
    // Whole registers are read behind the last place too.
    let ([x], taps) = scratch.split([sizes.kernel[1] * copies.copy], plan.taps);
    copies.fill_taps(&ConvolutionSizes { dilation: [sizes.dilation[0], 1], ..sizes }, 0, taps);
    if !plan.is_dense() {
        x.fill(0.0);
    }
    let x = x.as_mut_ptr();
    for n in first..f.samples {
        // SAFETY: the sample exists, `x` has room for its copies and a register behind them; a sample has `plan.output()` outputs.
        unsafe {
            copy_rows(s, plan, &copies, f.x.as_ptr().add(n * plan.input()), x);
            for group in 0..sizes.groups {
                let x = x.add(group * sizes.inputs * copies.channel);
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

/// How the rows of a sample lie with places in lanes, once for each column of the kernel: `[KW][C][stride][rows][OW]`. Rows that are a
/// stride apart lie below each other.
pub(super) struct Copies {
    rows: usize,
    plane: usize,
    pub channel: usize,
    pub copy: usize,
    width: usize,
    down: usize,
}

impl Copies {
    pub(super) fn new(plan: &Plan, lanes: usize) -> Self {
        let ConvolutionSizes { outputs_along: [height, width], kernel, stride: [down, _], dilation, .. } = plan.sizes;
        let rows = height + kernel[0].saturating_sub(1) * dilation[0] / down;
        let (plane, channel) = (rows * width, down * rows * width);
        Self { rows, plane, channel, copy: plan.channels() * channel + lanes, width, down }
    }

    /// Where what each tap reads for the first output begins, `below` rows down; a column of the kernel is `dilation` copies from the next.
    pub(super) fn fill_taps(&self, sizes: &ConvolutionSizes, below: usize, taps: &mut [usize]) {
        let (mut taps, across) = (taps.iter_mut(), sizes.dilation[1] * self.copy);
        for g in 0..sizes.inputs {
            let (mut phase, mut index) = (below, 0);
            for _ in 0..sizes.kernel[0] {
                while phase >= self.down {
                    (phase, index) = (phase - self.down, index + 1);
                }
                let mut at = g * self.channel + phase * self.plane + index * self.width;
                for tap in taps.by_ref().take(sizes.kernel[1]) {
                    *tap = at;
                    at += across;
                }
                phase += sizes.dilation[0];
            }
        }
    }

    /// Calls `visit(from, to)` for each row of a sample, with where its numbers and its outputs begin: in the order in which the rows lie.
    #[inline(always)]
    fn each_row(&self, plan: &Plan, mut visit: impl FnMut(usize, usize)) {
        let ([h, w], top) = (plan.sizes.inputs_along, plan.sizes.before[0]);
        let end = h.min(plan.rows.saturating_sub(top));
        for c in 0..plan.channels() {
            for phase in 0..self.down {
                let mut index = top.saturating_sub(phase).div_ceil(self.down);
                let mut iy = index * self.down + phase - top;
                while iy < end {
                    visit((c * h + iy) * w, ((c * self.down + phase) * self.rows + index) * self.width);
                    (iy, index) = (iy + self.down, index + 1);
                }
            }
        }
    }
}

/// Copies each row of a sample once for each column of the kernel, with what that column meets at each output; padding stays as it is.
///
/// Whole registers are stored, with zeros behind a row's end: masked stores take several times as long. What comes there is stored later, or
/// padding, or the room behind each copy. A function of its own for both callers.
#[inline(always)]
pub(super) unsafe fn copy_rows<S: Lanes>(s: S, plan: &Plan, copies: &Copies, from: *const f32, to: *mut f32) {
    s.apart(
        #[inline(always)]
        || {
            let sizes = plan.sizes;
            let (w, across, left) = (sizes.inputs_along[1], sizes.stride[1], sizes.before[1]);
            let (ow, kw) = (sizes.outputs_along[1], sizes.kernel[1]);
            // The outputs whose inputs are not padding, and where the first of these lies.
            let inside = |kx: usize| {
                let tap = kx * sizes.dilation[1];
                let start = left.saturating_sub(tap).div_ceil(across);
                (start, ow.min((w + left).saturating_sub(tap).div_ceil(across)), (start * across + tap).wrapping_sub(left))
            };
            let in_pairs = across == 2 && sizes.dilation[1] == 1;
            let mut kx = 0;
            while kx < kw {
                let (start, end, first) = inside(kx);
                let (from, to, count) = (from.wrapping_add(first), to.wrapping_add(kx * copies.copy + start), end.saturating_sub(start));
                let pairs = in_pairs && kx + 1 < kw && count > 0 && inside(kx + 1) == (start, end, first + 1);
                // SAFETY of the blocks: rows and columns exist, and outputs in the copies, and a register behind each.
                if pairs {
                    copies.each_row(
                        plan,
                        #[inline(always)]
                        |row, outputs| unsafe { copy_pairs(s, count, from.add(row), to.add(outputs), copies.copy) },
                    );
                } else if across == 1 && count > 0 {
                    copies.each_row(
                        plan,
                        #[inline(always)]
                        |row, outputs| unsafe { copy_row(s, count, from.add(row), to.add(outputs)) },
                    );
                } else {
                    copies.each_row(
                        plan,
                        #[inline(always)]
                        |row, outputs| {
                            for ox in 0..count {
                                unsafe { *to.add(outputs + ox) = *from.add(row + ox * across) };
                            }
                        },
                    );
                }
                kx += 1 + usize::from(pairs);
            }
        },
    );
}

/// `count` numbers of a row, then zeros. The first register apart: its mask is the same for all rows.
#[inline(always)]
unsafe fn copy_row<S: Lanes>(s: S, count: usize, from: *const f32, to: *mut f32) {
    // SAFETY: as in `copy_rows`.
    unsafe {
        s.store(s.load_first(S::LANES.min(count), from), to);
        let mut at = S::LANES;
        while at < count {
            s.store(s.load_first(S::LANES.min(count - at), from.add(at)), to.add(at));
            at += S::LANES;
        }
    }
}

/// `count` pairs of a row, then zeros: the first of each to one copy, the second to the next.
#[inline(always)]
unsafe fn copy_pairs<S: Lanes>(s: S, count: usize, from: *const f32, to: *mut f32, copy: usize) {
    // SAFETY: as in `copy_rows`.
    unsafe {
        let (even, odd) = s.load_pairs_first(S::LANES.min(count), from);
        s.store(even, to);
        s.store(odd, to.add(copy));
        let mut at = S::LANES;
        while at < count {
            let (even, odd) = s.load_pairs_first(S::LANES.min(count - at), from.add(2 * at));
            s.store(even, to.add(at));
            s.store(odd, to.add(copy + at));
            at += S::LANES;
        }
    }
}

/// The biases of `M` outputs in all lanes; zeros where there are none.
#[inline(always)]
pub(super) fn biases<S: Lanes, const M: usize>(s: S, bias: &[f32]) -> [S::V; M] {
    let mut b = [s.splat(0.0); M];
    if let Some(bias) = bias.first_chunk::<M>() {
        for (b, bias) in b.iter_mut().zip(bias) {
            *b = s.splat(*bias);
        }
    }
    b
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
    let b = biases::<S, M>(s, bias);
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
pub(super) fn repeated<V: Copy, const M: usize, const N: usize>(registers: [V; M]) -> [[V; N]; M] {
    let mut all = [[registers[0]; N]; M];
    for (all, register) in all.iter_mut().zip(registers) {
        *all = [register; N];
    }
    all
}
