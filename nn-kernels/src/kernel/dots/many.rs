//! Samples in lanes: `Yᵀ = W Xᵀ + b`, the batch transposed on the way in and the outputs on the way out, where they do not lie in lanes
//! already and do not stay there.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `dots::run` has proved that every row lies inside its slice")]

use super::super::product::{Strides, next_rows, sums};
use super::super::scratch::Scratch;
use super::{Dots, Lanes, Link, few};

/// Transposed numbers of a block of samples: half of what a core's own cache holds.
const PACKED: usize = 1 << 17;
/// Inputs that are summed at once.
const DEPTH: usize = 2048;
/// Tiles of rows whose sums wait to be transposed together.
const TILES: usize = 4;

/// Outputs `M` at a time by `N` registers of samples.
#[inline(always)]
pub(super) fn run<S: Lanes, const M: usize, const N: usize>(s: S, d: &mut Dots<'_>) {
    let width = N * S::LANES;
    let whole = if d.link.is_in_lanes() { d.samples / width * width } else { 0 };
    // A last panel of a few samples would be empty lanes.
    let over = d.samples % S::LANES;
    let (samples, few) = if over * 2 <= S::LANES { (d.samples - over, over) } else { (d.samples, 0) };
    let depth = d.inputs.min(DEPTH);
    let block = (PACKED / (depth * width).max(1)).max(1).min(samples.div_ceil(width)) * width;
    let mut scratch = Scratch::take();
    let ([packed, waiting], _) = scratch.split([block * depth, TILES * M * width], 0);
    let mut n = 0;
    while n < samples {
        // What does not fill a group lies in rows.
        let (end, link) = if n < whole { (whole, d.link) } else { (samples, Link::NONE) };
        let count = block.min(end - n);
        for i in (0..d.inputs.max(1)).step_by(DEPTH) {
            let depth = depth.min(d.inputs - i);
            // SAFETY: `count` samples from `n` exist, each with `depth` inputs from `i`; the scratch was split for them.
            unsafe {
                let x = d.x.as_ptr().add(n * d.inputs);
                let (b, panel) = if link.x_in_lanes {
                    (x.add(i * width), d.inputs)
                } else {
                    pack(s, x.add(i), d.inputs, count, depth, width, packed.as_mut_ptr());
                    (packed.as_ptr(), depth)
                };
                let part = Part { n, count, i, depth, panel, in_lanes: link.y_in_lanes };
                multiply::<S, M, N>(s, d, &part, b, waiting.as_mut_ptr());
            }
        }
        n += count;
    }
    scratch.give_back();
    if few > 0 {
        few::run(s, d, samples);
    }
}

/// Panels of `width` samples, each `[depth][width]`; lanes without a sample are 0.
#[inline(always)]
unsafe fn pack<S: Lanes>(s: S, x: *const f32, row: usize, count: usize, depth: usize, width: usize, packed: *mut f32) {
    for n in (0..count).step_by(S::LANES) {
        let samples = S::LANES.min(count - n);
        for i in (0..depth).step_by(S::LANES) {
            // SAFETY: the caller's.
            unsafe {
                let to = packed.add(n / width * width * depth + i * width + n % width);
                s.transpose(samples, S::LANES.min(depth - i), S::LANES, x.add(n * row + i), row, to, width);
            }
        }
    }
}

/// Some samples, and some of the inputs that are summed.
struct Part {
    n: usize,
    count: usize,
    i: usize,
    depth: usize,
    /// Inputs from one panel to the next.
    panel: usize,
    /// Whether the outputs stay in lanes.
    in_lanes: bool,
}

#[inline(always)]
unsafe fn multiply<S: Lanes, const M: usize, const N: usize>(s: S, d: &mut Dots<'_>, part: &Part, packed: *const f32, waiting: *mut f32) {
    let width = N * S::LANES;
    let y = d.y.as_mut_ptr();
    for o in (0..d.outputs).step_by(TILES * M) {
        let outputs = (TILES * M).min(d.outputs - o);
        for n in (0..part.count).step_by(width) {
            let samples = width.min(part.count - n);
            // SAFETY: outputs `o..o + outputs` and samples `part.n + n..` as many as `samples` exist.
            unsafe {
                let b = packed.add(n * part.panel);
                let to = if part.in_lanes { y.add((part.n + n) * d.outputs + o * width) } else { waiting };
                let y = y.add((part.n + n) * d.outputs + o);
                let blocks = (0..samples).step_by(S::LANES).flat_map(|m| (0..outputs).step_by(S::LANES).map(move |r| (m, r)));
                let size = |m: usize, r: usize| (S::LANES.min(samples - m), S::LANES.min(outputs - r));
                if part.i > 0 && !part.in_lanes {
                    for (m, r) in blocks.clone() {
                        let (samples, outputs) = size(m, r);
                        s.transpose(samples, outputs, S::LANES, y.add(m * d.outputs + r), d.outputs, waiting.add(r * width + m), width);
                    }
                }
                let mut r = 0;
                while r < outputs {
                    let left = outputs - r;
                    macro_rules! rows {
                        ($m:literal) => {{
                            if samples > S::LANES {
                                s.apart(
                                    #[inline(always)]
                                    || tile::<S, $m, N>(s, d, part, o + r, b, width, to.add(r * width)),
                                );
                            } else {
                                s.apart(
                                    #[inline(always)]
                                    || tile::<S, $m, 1>(s, d, part, o + r, b, width, to.add(r * width)),
                                );
                            }
                            $m
                        }};
                    }
                    r += next_rows!(M, left, rows);
                }
                for (m, r) in blocks.filter(|_| !part.in_lanes) {
                    let (samples, outputs) = size(m, r);
                    // As many rows as there are lanes wait, of which the last may mean nothing.
                    s.transpose(S::LANES, samples, outputs, waiting.add(r * width + m), width, y.add(m * d.outputs + r), d.outputs);
                }
            }
        }
    }
}

/// The sums of outputs `o..o + M`, to rows of `width` numbers from `to` on, where those of the inputs before lie.
#[inline(always)]
unsafe fn tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    d: &Dots<'_>,
    part: &Part,
    o: usize,
    b: *const f32,
    width: usize,
    to: *mut f32,
) {
    let mut start = [[s.splat(0.0); N]; M];
    for (m, start) in start.iter_mut().enumerate() {
        let bias = s.splat(d.bias.get(o + m).copied().unwrap_or(0.0));
        for (j, start) in start.iter_mut().enumerate() {
            // SAFETY: the caller's.
            *start = if part.i == 0 { bias } else { unsafe { s.load(to.add(m * width + j * S::LANES)) } };
        }
    }
    // SAFETY: the caller's.
    unsafe {
        let a = d.w.as_ptr().add(o * d.inputs + part.i);
        let strides = Strides { k: part.depth, a_row: d.inputs, a_column: 1, b_row: width };
        let sums = sums::<S, M, N>(
            s,
            strides,
            a,
            b,
            start,
            #[inline(always)]
            |at| s.load(at),
        );
        let floor = s.splat(if part.i + part.depth == d.inputs { d.link.floor() } else { f32::NEG_INFINITY });
        for (m, sums) in sums.iter().enumerate() {
            for (j, sum) in sums.iter().enumerate() {
                s.store(s.at_least(floor, *sum), to.add(m * width + j * S::LANES));
            }
        }
    }
}
