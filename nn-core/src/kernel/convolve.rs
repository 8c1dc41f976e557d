//! Convolutions, in two ways that share their inner loop: the sums of `M` outputs by `N` registers of places stay in registers, while a list
//! of taps runs; each tap broadcasts `M` weights and loads `N` registers of inputs.
//!
//! - **Samples in lanes.** The inputs of as many samples as a register has lanes are transposed to `[C][H][W][LANES]`, with their padding.
//!   Every product then fills all lanes, whatever stride, padding and dilation, and the gradients are such sums too.
//! - **Places in lanes**, for the forward pass of single samples: the input is copied once for each column of the kernel, so that what
//!   neighbouring outputs read by one tap lies side by side, also from the end of one row to the beginning of the next.
#![allow(
    unsafe_code,
    reason = "raw pointers in the inner loops; `forward` and `backward` prove once that every access lies inside its slice"
)]
#![allow(clippy::too_many_arguments, reason = "a struct would only rename them")]

use super::scratch::Scratch;
use super::{ConvolutionSizes, Convolve, ConvolveBackward, Lanes};

/// Places whose outputs are transposed together.
const BLOCK: usize = 32;
/// Numbers of inputs with samples in lanes up to which the forward pass finds them in the cache again.
const CACHED: usize = 1 << 16;
/// Places over which the gradient of a weight is summed before the sum is put aside.
const GRADIENT_BLOCK: usize = 128;
/// The most outputs of a tile.
const ROWS: usize = 6;

/// The rows of the next tile, where `left` are left.
const fn tile_rows(left: usize) -> usize {
    if left >= ROWS {
        ROWS
    } else if left >= 4 {
        4
    } else if left >= 2 {
        2
    } else {
        1
    }
}

/// Calls `$function::<S, M, $n>` for a run-time `M`, one of those of [`tile_rows`].
macro_rules! with_rows {
    ($rows:expr, $function:ident::<$s:ty, _, $n:ident>($($argument:expr),* $(,)?)) => {
        match $rows {
            6 => $function::<$s, 6, $n>($($argument),*),
            4 => $function::<$s, 4, $n>($($argument),*),
            2 => $function::<$s, 2, $n>($($argument),*),
            _ => $function::<$s, 1, $n>($($argument),*),
        }
    };
    ($rows:expr, $function:ident::<$s:ty, _, 1>($($argument:expr),* $(,)?)) => {
        match $rows {
            6 => $function::<$s, 6, 1>($($argument),*),
            4 => $function::<$s, 4, 1>($($argument),*),
            2 => $function::<$s, 2, 1>($($argument),*),
            _ => $function::<$s, 1, 1>($($argument),*),
        }
    };
}

/// What follows from the sizes.
#[derive(Clone, Copy)]
struct Plan {
    sizes: ConvolutionSizes,
    /// Outputs of a channel.
    places: usize,
    /// Products of an output.
    taps: usize,
    /// Rows and columns that the taps reach, padding among them.
    rows: usize,
    columns: usize,
}

impl Plan {
    fn new(sizes: ConvolutionSizes) -> Self {
        let [down, across] = [0, 1].map(|axis| {
            let (outputs, taps) = (sizes.outputs_along[axis], sizes.kernel[axis]);
            outputs.saturating_sub(1) * sizes.stride[axis] + taps.saturating_sub(1) * sizes.dilation[axis] + 1
        });
        Self {
            sizes,
            places: sizes.outputs_along[0] * sizes.outputs_along[1],
            taps: sizes.inputs * sizes.kernel[0] * sizes.kernel[1],
            rows: down,
            columns: across,
        }
    }

    fn channels(&self) -> usize {
        self.sizes.groups * self.sizes.inputs
    }

    fn outputs(&self) -> usize {
        self.sizes.groups * self.sizes.outputs
    }

    /// Numbers of one sample's input.
    fn input(&self) -> usize {
        self.channels() * self.sizes.inputs_along[0] * self.sizes.inputs_along[1]
    }

    /// Numbers of one sample's output.
    fn output(&self) -> usize {
        self.outputs() * self.places
    }

    fn weights(&self) -> usize {
        self.outputs() * self.taps
    }

    /// Numbers of one padded channel.
    fn plane(&self) -> usize {
        self.rows * self.columns
    }

    /// Whether padded and unpadded inputs are the same numbers in the same order.
    fn is_dense(&self) -> bool {
        self.sizes.before == [0, 0] && self.rows == self.sizes.inputs_along[0] && self.columns == self.sizes.inputs_along[1]
    }

    /// Calls `visit(from, to, count)` for every stretch of inputs and where it lies among padded ones.
    #[inline(always)]
    fn stretches(&self, mut visit: impl FnMut(usize, usize, usize)) {
        if self.is_dense() {
            return visit(0, 0, self.input());
        }
        let ([h, w], [top, left]) = (self.sizes.inputs_along, self.sizes.before);
        let count = w.min(self.columns.saturating_sub(left));
        for c in 0..self.channels() {
            for iy in 0..h.min(self.rows.saturating_sub(top)) {
                visit((c * h + iy) * w, (c * self.rows + iy + top) * self.columns + left, count);
            }
        }
    }

    /// Where the inputs of each output lie among padded ones of samples in lanes: those of the first tap.
    fn fill_places(&self, lanes: usize, places: &mut [usize]) {
        let ([_, width], [down, across]) = (self.sizes.outputs_along, self.sizes.stride);
        let (mut oy, mut ox) = (0, 0);
        for place in places {
            *place = (oy * down * self.columns + ox * across) * lanes;
            ox += 1;
            if ox == width {
                (oy, ox) = (oy + 1, 0);
            }
        }
    }

    /// How far each tap's inputs lie behind those of the first.
    fn fill_taps(&self, lanes: usize, taps: &mut [usize]) {
        let ([height, width], [down, across]) = (self.sizes.kernel, self.sizes.dilation);
        let mut taps = taps.iter_mut();
        for g in 0..self.sizes.inputs {
            for ky in 0..height {
                for (kx, tap) in (0..width).zip(&mut taps) {
                    *tap = (g * self.plane() + ky * down * self.columns + kx * across) * lanes;
                }
            }
        }
    }
}

/// `sums[m][n] + Σ w[m][tap] · x[n][tap]`; from one `m` to the next, weights lie `row` apart, from one tap to the next `column`.
///
/// # Safety
/// `M` weights a tap can be read from `w` on, and a register from every `x` at every tap.
#[inline(always)]
unsafe fn sums<S: Lanes, const M: usize, const N: usize>(
    s: S,
    taps: &[usize],
    (mut w, row, column): (*const f32, usize, usize),
    x: [*const f32; N],
    mut sums: [[S::V; N]; M],
) -> [[S::V; N]; M] {
    for tap in taps {
        // SAFETY: as the caller promises.
        unsafe {
            let mut inputs = [s.splat(0.0); N];
            for (x_n, x) in inputs.iter_mut().zip(x) {
                *x_n = s.load(x.add(*tap));
            }
            for (m, sums) in sums.iter_mut().enumerate() {
                let w_m = s.splat(*w.add(m * row));
                for (sum, x_n) in sums.iter_mut().zip(inputs) {
                    *sum = s.multiply_add(w_m, x_n, *sum);
                }
            }
        }
        w = w.wrapping_add(column);
    }
    sums
}

/// See [`Convolve`]; `N` registers of places by up to 6 outputs is the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
#[allow(clippy::needless_pass_by_value, reason = "it holds the only borrow of its output")]
pub(crate) fn forward<S: Lanes, const N: usize>(s: S, f: Convolve<'_>) {
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
        unsafe { forward_samples::<S, N>(s, &plan, &f, in_lanes, y, &mut scratch) };
    }
    if in_lanes < f.samples {
        // SAFETY: checked above.
        unsafe { forward_places::<S, N>(s, &plan, &f, in_lanes, y, &mut scratch) };
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
            to_lanes(s, plan, lanes, f.x.as_ptr().add(first * plan.input()), x);
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
            let z = sums(s, taps, (w, taps.len(), 1), tile.map(|place| x.add(place)), b.map(|b| [b; N]));
            for (m, z) in z.iter().enumerate() {
                for (n, z) in z.iter().enumerate() {
                    s.store(*z, block.add((m * BLOCK + i * N + n) * S::LANES));
                }
            }
        }
        for (i, place) in rest.iter().enumerate() {
            let z = sums(s, taps, (w, taps.len(), 1), [x.add(*place)], b.map(|b| [b]));
            for (m, [z]) in z.iter().enumerate() {
                s.store(*z, block.add((m * BLOCK + tiles.len() * N + i) * S::LANES));
            }
        }
    }
}

/// Inputs of `lanes` samples, transposed: `[C][rows][columns][LANES]`. Padding stays as it is.
#[inline(always)]
unsafe fn to_lanes<S: Lanes>(s: S, plan: &Plan, lanes: usize, from: *const f32, to: *mut f32) {
    plan.stretches(
        #[inline(always)]
        |start, place, count| {
            let mut i = 0;
            while i < count {
                let columns = S::LANES.min(count - i);
                // SAFETY: stretches lie inside the sample and inside the padded input.
                unsafe {
                    let to = to.add((place + i) * S::LANES);
                    s.transpose(lanes, columns, S::LANES, from.add(start + i), plan.input(), to, S::LANES);
                }
                i += columns;
            }
        },
    );
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
        let x = core::array::from_fn(|n| x.add(n * S::LANES));
        let z = sums::<S, M, N>(s, taps, (w, taps.len(), 1), x, b.map(|b| [b; N]));
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

/// See [`ConvolveBackward`]; `N` registers by up to 6 outputs is the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn backward<S: Lanes, const N: usize>(s: S, mut f: ConvolveBackward<'_>) {
    let plan = Plan::new(f.sizes);
    let sizes = plan.sizes;
    // SAFETY of everything below: the operands hold whole samples; places and taps are inside the padded input by how its size is computed.
    assert!(f.dy.len() >= f.samples * plan.output());
    if let Some(gradient) = &f.gradient {
        assert!(f.x.len() >= f.samples * plan.input() && gradient.dw.len() >= plan.weights());
        assert!(gradient.db.is_empty() || gradient.db.len() >= plan.outputs());
    }
    if let Some(dx) = &f.dx {
        assert!(dx.len() >= f.samples * plan.input() && f.w.len() >= plan.weights());
    }
    if plan.output() == 0 {
        if let Some(dx) = f.dx {
            dx.fill(0.0);
        }
        return;
    }
    let padded = plan.channels() * plan.plane() * S::LANES;
    let (with_gradient, with_dx) = (f.gradient.is_some(), f.dx.is_some());
    let lengths = [
        plan.output() * S::LANES,
        if with_gradient { padded } else { 0 },
        if with_gradient { (plan.weights() + plan.outputs()) * S::LANES } else { 0 },
        if with_dx { padded } else { 0 },
    ];
    let mut scratch = Scratch::take();
    let ([dy, x, sums, dx], places) = scratch.split(lengths, plan.places + plan.taps + sizes.outputs);
    let (places, taps) = places.split_at_mut(plan.places);
    let (taps, outputs) = taps.split_at_mut(plan.taps);
    plan.fill_places(S::LANES, places);
    plan.fill_taps(S::LANES, taps);
    for (o, output) in outputs.iter_mut().enumerate() {
        *output = o * S::LANES;
    }
    sums.fill(0.0);
    if with_gradient && !plan.is_dense() {
        x.fill(0.0);
    }
    let (dy, x, sums, dx) = (dy.as_mut_ptr(), x.as_mut_ptr(), sums.as_mut_ptr(), dx.as_mut_ptr());
    let mut first = 0;
    while first < f.samples {
        let lanes = S::LANES.min(f.samples - first);
        // SAFETY: `lanes` samples from `first` on exist; the buffers have room for them.
        unsafe {
            outputs_to_lanes(s, &plan, lanes, f.dy.as_ptr().add(first * plan.output()), dy);
            if with_gradient {
                to_lanes(s, &plan, lanes, f.x.as_ptr().add(first * plan.input()), x);
                weight_gradient::<S, N>(s, &plan, places, taps, x, dy, sums);
                bias_gradient(s, &plan, dy, sums.add(plan.weights() * S::LANES));
            }
            if let Some(to) = &mut f.dx {
                core::slice::from_raw_parts_mut(dx, padded).fill(0.0);
                input_gradient::<S, N>(s, &plan, places, taps, outputs, f.w, dy, dx);
                from_lanes(s, &plan, lanes, dx, to.as_mut_ptr().add(first * plan.input()));
            }
        }
        first += lanes;
    }
    if let Some(gradient) = f.gradient {
        // SAFETY: a register for each weight and each bias.
        unsafe { add_sums(s, &plan, sums, gradient.dw, gradient.db) };
    }
    scratch.give_back();
}

/// Outputs of `lanes` samples, transposed: `[place][output][LANES]`.
#[inline(always)]
unsafe fn outputs_to_lanes<S: Lanes>(s: S, plan: &Plan, lanes: usize, from: *const f32, to: *mut f32) {
    for o in 0..plan.outputs() {
        let mut p = 0;
        while p < plan.places {
            let columns = S::LANES.min(plan.places - p);
            // SAFETY: outputs and places exist.
            unsafe {
                let to = to.add((p * plan.outputs() + o) * S::LANES);
                s.transpose(lanes, columns, S::LANES, from.add(o * plan.places + p), plan.output(), to, plan.outputs() * S::LANES);
            }
            p += columns;
        }
    }
}

/// `sums[tile][tap][output of the tile] += Σ dy · x` over the places.
#[inline(always)]
unsafe fn weight_gradient<S: Lanes, const N: usize>(
    s: S,
    plan: &Plan,
    places: &[usize],
    taps: &[usize],
    x: *const f32,
    dy: *const f32,
    sums: *mut f32,
) {
    let sizes = plan.sizes;
    let step = plan.outputs() * S::LANES;
    for group in 0..sizes.groups {
        // SAFETY: places, taps and outputs lie inside their buffers.
        unsafe {
            let x = x.add(group * sizes.inputs * plan.plane() * S::LANES);
            for (i, places) in places.chunks(GRADIENT_BLOCK).enumerate() {
                let mut o = 0;
                while o < sizes.outputs {
                    let rows = tile_rows(sizes.outputs - o);
                    let output = group * sizes.outputs + o;
                    let dy = dy.add(i * GRADIENT_BLOCK * step + output * S::LANES);
                    let mut sums = sums.add(output * plan.taps * S::LANES);
                    let (tiles, rest) = taps.as_chunks::<N>();
                    for tile in tiles {
                        let x = tile.map(|tap| x.add(tap));
                        with_rows!(rows, gradient_tile::<S, _, N>(s, places, x, dy, step, sums));
                        sums = sums.add(rows * N * S::LANES);
                    }
                    for tap in rest {
                        with_rows!(rows, gradient_tile::<S, _, 1>(s, places, [x.add(*tap)], dy, step, sums));
                        sums = sums.add(rows * S::LANES);
                    }
                    o += rows;
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn gradient_tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    places: &[usize],
    x: [*const f32; N],
    mut dy: *const f32,
    step: usize,
    to: *mut f32,
) {
    let mut sums = [[s.splat(0.0); N]; M];
    // SAFETY: as in `weight_gradient`.
    unsafe {
        for place in places {
            let x = x.map(|x| s.load(x.add(*place)));
            for (m, sums) in sums.iter_mut().enumerate() {
                let dy_m = s.load(dy.add(m * S::LANES));
                for (sum, x_n) in sums.iter_mut().zip(x) {
                    *sum = s.multiply_add(dy_m, x_n, *sum);
                }
            }
            dy = dy.wrapping_add(step);
        }
        for (m, sums) in sums.iter().enumerate() {
            for (n, sum) in sums.iter().enumerate() {
                let to = to.add((n * M + m) * S::LANES);
                s.store(s.add(s.load(to), *sum), to);
            }
        }
    }
}

/// `sums[output] += Σ dy` over the places.
#[inline(always)]
unsafe fn bias_gradient<S: Lanes>(s: S, plan: &Plan, dy: *const f32, sums: *mut f32) {
    let mut o = 0;
    while o < plan.outputs() {
        let rows = tile_rows(plan.outputs() - o);
        // SAFETY: outputs and places exist.
        unsafe {
            let (dy, sums) = (dy.add(o * S::LANES), sums.add(o * S::LANES));
            with_rows!(rows, bias_tile::<S, _, 1>(s, plan.places, dy, plan.outputs() * S::LANES, sums));
        }
        o += rows;
    }
}

#[inline(always)]
unsafe fn bias_tile<S: Lanes, const M: usize, const N: usize>(s: S, places: usize, mut dy: *const f32, step: usize, to: *mut f32) {
    // SAFETY: as in `bias_gradient`.
    unsafe {
        let mut sums: [S::V; M] = core::array::from_fn(|m| s.load(to.add(m * S::LANES)));
        for _ in 0..places {
            for (m, sum) in sums.iter_mut().enumerate() {
                *sum = s.add(*sum, s.load(dy.add(m * S::LANES)));
            }
            dy = dy.wrapping_add(step);
        }
        for (m, sum) in sums.iter().enumerate() {
            s.store(*sum, to.add(m * S::LANES));
        }
    }
}

/// Adds what the lanes have summed to the gradient.
#[inline(always)]
unsafe fn add_sums<S: Lanes>(s: S, plan: &Plan, sums: *const f32, dw: &mut [f32], db: &mut [f32]) {
    let sizes = plan.sizes;
    for group in 0..sizes.groups {
        let mut o = 0;
        while o < sizes.outputs {
            let rows = tile_rows(sizes.outputs - o);
            let output = group * sizes.outputs + o;
            for m in 0..rows {
                for (tap, dw) in dw[(output + m) * plan.taps..][..plan.taps].iter_mut().enumerate() {
                    // SAFETY: a register for each weight.
                    *dw += s.sum(unsafe { s.load(sums.add((output * plan.taps + tap * rows + m) * S::LANES)) });
                }
            }
            o += rows;
        }
    }
    for (o, db) in db.iter_mut().enumerate().take(plan.outputs()) {
        // SAFETY: behind the weights' registers, one for each bias.
        *db += s.sum(unsafe { s.load(sums.add((plan.weights() + o) * S::LANES)) });
    }
}

/// `dx[input] += Σ w · dy` over the outputs, tap by tap, for samples in lanes with their padding.
#[inline(always)]
unsafe fn input_gradient<S: Lanes, const N: usize>(
    s: S,
    plan: &Plan,
    places: &[usize],
    taps: &[usize],
    outputs: &[usize],
    w: &[f32],
    dy: *const f32,
    dx: *mut f32,
) {
    let sizes = plan.sizes;
    let kernel = sizes.kernel[0] * sizes.kernel[1];
    let (step, channel) = (plan.outputs() * S::LANES, plan.plane() * S::LANES);
    let (tiles, rest) = places.as_chunks::<N>();
    for group in 0..sizes.groups {
        // SAFETY: places, taps, inputs and outputs lie inside their buffers.
        unsafe {
            let mut dy = dy.add(group * sizes.outputs * S::LANES);
            let dx = dx.add(group * sizes.inputs * channel);
            let w = w.as_ptr().add(group * sizes.outputs * plan.taps);
            for tile in tiles {
                let mut g = 0;
                while g < sizes.inputs {
                    let rows = tile_rows(sizes.inputs - g);
                    let (w, dx) = (w.add(g * kernel), dx.add(g * channel));
                    with_rows!(rows, input_tile::<S, _, N>(s, tile, &taps[..kernel], outputs, (w, plan.taps), dy, step, dx, channel));
                    g += rows;
                }
                dy = dy.add(N * step);
            }
            for place in rest {
                let mut g = 0;
                while g < sizes.inputs {
                    let rows = tile_rows(sizes.inputs - g);
                    let (w, dx) = (w.add(g * kernel), dx.add(g * channel));
                    with_rows!(rows, input_tile::<S, _, 1>(s, &[*place], &taps[..kernel], outputs, (w, plan.taps), dy, step, dx, channel));
                    g += rows;
                }
                dy = dy.add(step);
            }
        }
    }
}

#[inline(always)]
unsafe fn input_tile<S: Lanes, const M: usize, const N: usize>(
    s: S,
    places: &[usize; N],
    taps: &[usize],
    outputs: &[usize],
    (w, row): (*const f32, usize),
    dy: *const f32,
    step: usize,
    dx: *mut f32,
    channel: usize,
) {
    // SAFETY: as in `input_gradient`. The places of a tile differ, so that no sum is lost.
    unsafe {
        let dy: [_; N] = core::array::from_fn(|n| dy.add(n * step));
        for (k, tap) in taps.iter().enumerate() {
            let sums = sums(s, outputs, (w.add(k), taps.len(), row), dy, [[s.splat(0.0); N]; M]);
            for (m, sums) in sums.iter().enumerate() {
                for (place, sum) in places.iter().zip(sums) {
                    // forward: y[place] += w · x[place + tap]
                    let to = dx.add(m * channel + place + tap);
                    s.store(s.add(s.load(to), *sum), to);
                }
            }
        }
    }
}

/// Inputs' gradients of `lanes` samples from padded lanes back to samples; zero where no tap reaches.
#[inline(always)]
unsafe fn from_lanes<S: Lanes>(s: S, plan: &Plan, lanes: usize, from: *const f32, to: *mut f32) {
    if !plan.is_dense() {
        // SAFETY: `lanes` whole samples.
        unsafe { core::slice::from_raw_parts_mut(to, lanes * plan.input()).fill(0.0) };
    }
    plan.stretches(
        #[inline(always)]
        |start, place, count| {
            let mut i = 0;
            while i < count {
                let width = S::LANES.min(count - i);
                // SAFETY: stretches lie inside the sample and inside the padded input.
                unsafe {
                    let from = from.add((place + i) * S::LANES);
                    s.transpose(width, lanes, width, from, S::LANES, to.add(start + i), plan.input());
                }
                i += width;
            }
        },
    );
}
