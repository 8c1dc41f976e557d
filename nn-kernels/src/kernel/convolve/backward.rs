//! The gradients by weights, biases and inputs, with samples in lanes.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `backward` proves once that every access lies inside its slice")]
#![allow(clippy::too_many_arguments, reason = "a struct would only rename them")]

use super::{Plan, addresses, sums, tile_rows, to_lanes, with_rows};
use crate::kernel::scratch::Scratch;
use crate::kernel::{ConvolveBackward, Lanes, times};

/// Places whose gradients lie in lanes at a time: few enough to stay in the first cache until all that needs them is summed.
const BLOCK: usize = 64;

/// See [`ConvolveBackward`]; `N` registers by up to 6 outputs is the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn backward<S: Lanes, const N: usize>(s: S, f: &mut ConvolveBackward<'_>) {
    let plan = if f.positions.is_some() { Plan::pooled(f.sizes) } else { Plan::new(f.sizes) };
    let sizes = plan.sizes;
    // SAFETY of everything below: the operands hold whole samples; places and taps are inside the padded input by how its size is computed.
    let output = if plan.pooled { plan.output() / 4 } else { plan.output() };
    let holds = |len: usize, row: usize, sample: usize| f.samples == 0 || len >= times(f.samples - 1, row).saturating_add(sample);
    assert!(holds(f.dy.len(), f.dy_row, output) && f.positions.is_none_or(|positions| holds(positions.len(), f.dy_row, output)));
    if let Some(gradient) = &f.gradient {
        assert!(holds(f.x.len(), f.x_row, plan.input()));
        assert!(gradient.dw.len() >= plan.weights());
        assert!(gradient.db.is_empty() || gradient.db.len() >= plan.outputs());
    }
    if let Some(dx) = &f.dx {
        assert!(dx.len() >= times(f.samples, plan.input()) && f.w.len() >= plan.weights());
    }
    if plan.output() == 0 {
        if let Some(dx) = &mut f.dx {
            dx.fill(0.0);
        }
        return;
    }
    let padded = plan.channels() * plan.plane() * S::LANES;
    let (with_gradient, with_dx) = (f.gradient.is_some(), f.dx.is_some());
    let lengths = [
        plan.places.min(BLOCK) * plan.outputs() * S::LANES,
        if with_gradient { padded } else { 0 },
        if with_gradient { (plan.weights() + plan.outputs()) * S::LANES } else { 0 },
        if with_dx { padded } else { 0 },
        if plan.pooled { 3 * S::LANES * S::LANES } else { 0 },
    ];
    let mut scratch = Scratch::take();
    let ([dy, x, sums, dx, block], places) = scratch.split(lengths, plan.places + plan.taps + sizes.outputs);
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
    let (dy, x, sums, dx, block) = (dy.as_mut_ptr(), x.as_mut_ptr(), sums.as_mut_ptr(), dx.as_mut_ptr(), block.as_mut_ptr());
    let mut first = 0;
    while first < f.samples {
        let lanes = S::LANES.min(f.samples - first);
        // SAFETY: `lanes` samples from `first` on exist; the buffers have room for them.
        unsafe {
            let from = f.dy.as_ptr().add(first * f.dy_row);
            let positions = f.positions.map(|positions| positions.as_ptr().add(first * f.dy_row));
            if with_gradient {
                to_lanes(s, &plan, lanes, f.x.as_ptr().add(first * f.x_row), f.x_row, x);
            }
            if with_dx {
                core::slice::from_raw_parts_mut(dx, padded).fill(0.0);
            }
            let mut start = 0;
            while start < plan.places {
                let places = &places[start..plan.places.min(start + BLOCK)];
                let some = [start, places.len()];
                match positions {
                    Some(positions) => pooled_to_lanes(s, &plan, some, lanes, from, positions, f.dy_row, block, dy),
                    None => outputs_to_lanes(s, &plan, some, lanes, from, f.dy_row, dy),
                }
                if with_gradient {
                    weight_gradient::<S, N>(s, &plan, places, taps, x, dy, sums);
                    bias_gradient(s, &plan, places.len(), dy, sums.add(plan.weights() * S::LANES));
                }
                if with_dx {
                    input_gradient::<S, N>(s, &plan, places, taps, outputs, f.w, dy, dx);
                }
                start += BLOCK;
            }
            if let Some(to) = &mut f.dx {
                from_lanes(s, &plan, lanes, dx, to.as_mut_ptr().add(first * plan.input()));
            }
        }
        first += lanes;
    }
    if let Some(gradient) = &mut f.gradient {
        // SAFETY: a register for each weight and each bias.
        unsafe { add_sums(s, &plan, sums, gradient.dw, gradient.db) };
    }
    scratch.give_back();
}

/// Outputs of `lanes` samples that lie `row` apart, at `count` places from `start` on, transposed: `[place][output][LANES]`.
#[inline(always)]
unsafe fn outputs_to_lanes<S: Lanes>(
    s: S,
    plan: &Plan,
    [start, count]: [usize; 2],
    lanes: usize,
    from: *const f32,
    row: usize,
    to: *mut f32,
) {
    for o in 0..plan.outputs() {
        let mut p = 0;
        while p < count {
            let columns = S::LANES.min(count - p);
            // SAFETY: outputs and places exist.
            unsafe {
                let to = to.add((p * plan.outputs() + o) * S::LANES);
                s.transpose(lanes, columns, S::LANES, from.add(o * plan.places + start + p), row, to, plan.outputs() * S::LANES);
            }
            p += columns;
        }
    }
}

/// As [`outputs_to_lanes`], from what lies behind a pool: each goes to where the maximum of its window was, 0 to the others.
#[inline(always)]
unsafe fn pooled_to_lanes<S: Lanes>(
    s: S,
    plan: &Plan,
    [start, count]: [usize; 2],
    lanes: usize,
    from: *const f32,
    positions: *const u8,
    row: usize,
    block: *mut f32,
    to: *mut f32,
) {
    let (windows, step) = (plan.places / 4, plan.outputs() * S::LANES);
    // SAFETY: `block` has room for three blocks of as many registers as a register has lanes.
    let (bytes, marks) = unsafe { (block.add(S::LANES * S::LANES), block.add(2 * S::LANES * S::LANES)) };
    for o in 0..plan.outputs() {
        let mut p = 0;
        while p < count / 4 {
            let columns = S::LANES.min(count / 4 - p);
            // SAFETY: outputs, windows and samples exist.
            unsafe {
                let at = o * windows + start / 4 + p;
                s.transpose(lanes, columns, S::LANES, from.add(at), row, block, S::LANES);
                for n in 0..lanes {
                    s.store(s.load_bytes_first(columns, positions.add(n * row + at)), bytes.add(n * S::LANES));
                }
                s.transpose(lanes, columns, S::LANES, bytes, S::LANES, marks, S::LANES);
                for i in 0..columns {
                    let (dy, mark) = (s.load(block.add(i * S::LANES)), s.load(marks.add(i * S::LANES)));
                    let to = to.add(4 * (p + i) * step + o * S::LANES);
                    for (k, position) in [0.0, 1.0, 2.0, 3.0].into_iter().enumerate() {
                        s.store(s.where_equal(mark, s.splat(position), dy), to.add(k * step));
                    }
                }
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
            let mut o = 0;
            while o < sizes.outputs {
                let rows = tile_rows(sizes.outputs - o);
                let output = group * sizes.outputs + o;
                let dy = dy.add(output * S::LANES);
                let mut sums = sums.add(output * plan.taps * S::LANES);
                let (tiles, rest) = taps.as_chunks::<N>();
                for tile in tiles {
                    with_rows!(rows, gradient_tile::<S, _, N>(s, places, addresses(x, tile), dy, step, sums));
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
            let mut inputs = [s.splat(0.0); N];
            for (x_n, x) in inputs.iter_mut().zip(x) {
                *x_n = s.load(x.add(*place));
            }
            for (m, sums) in sums.iter_mut().enumerate() {
                let dy_m = s.load(dy.add(m * S::LANES));
                for (sum, x_n) in sums.iter_mut().zip(inputs) {
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
unsafe fn bias_gradient<S: Lanes>(s: S, plan: &Plan, places: usize, dy: *const f32, sums: *mut f32) {
    let mut o = 0;
    while o < plan.outputs() {
        let rows = tile_rows(plan.outputs() - o);
        // SAFETY: outputs and places exist.
        unsafe {
            let (dy, sums) = (dy.add(o * S::LANES), sums.add(o * S::LANES));
            with_rows!(rows, bias_tile::<S, _, 1>(s, places, dy, plan.outputs() * S::LANES, sums));
        }
        o += rows;
    }
}

#[inline(always)]
unsafe fn bias_tile<S: Lanes, const M: usize, const N: usize>(s: S, places: usize, mut dy: *const f32, step: usize, to: *mut f32) {
    // SAFETY: as in `bias_gradient`.
    unsafe {
        let mut sums = [s.splat(0.0); M];
        for (m, sum) in sums.iter_mut().enumerate() {
            *sum = s.load(to.add(m * S::LANES));
        }
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
                let dw = &mut dw[(output + m) * plan.taps..][..plan.taps];
                let mut tap = 0;
                while tap < dw.len() {
                    let count = S::LANES.min(dw.len() - tap);
                    // SAFETY: a register for each weight, and as many weights.
                    unsafe {
                        let sums = sums.add((output * plan.taps + tap * rows + m) * S::LANES);
                        let all = s.sums(
                            #[inline(always)]
                            |l| if l < count { s.load(sums.add(l * rows * S::LANES)) } else { s.splat(0.0) },
                        );
                        let dw = dw.as_mut_ptr().add(tap);
                        s.store_first(count, s.add(s.load_first(count, dw), all), dw);
                    }
                    tap += count;
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
        let mut steps = [0; N];
        for (n, at) in steps.iter_mut().enumerate() {
            *at = n * step;
        }
        let dy = addresses(dy, &steps);
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
