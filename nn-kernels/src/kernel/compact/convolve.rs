//! Convolutions.

use super::times;
use crate::kernel::{ConvolutionSizes, Convolve, ConvolveBackward};

/// Numbers of one sample's input, of its output, and the weights; and those of one output channel.
#[inline(always)]
fn lengths(s: &ConvolutionSizes) -> [usize; 4] {
    let ([h, w], [oh, ow], [kh, kw]) = (s.inputs_along, s.outputs_along, s.kernel);
    [
        times(times(s.groups, s.inputs), times(h, w)),
        times(times(s.groups, s.outputs), times(oh, ow)),
        times(times(s.groups, s.outputs), times(s.inputs, times(kh, kw))),
        times(oh, ow),
    ]
}

/// See [`Convolve`]; the order of `layer::conv`: from the bias on, tap after tap.
#[inline(always)]
pub fn convolve(f: &mut Convolve<'_>) {
    let &mut Convolve { sizes, samples, x, w, bias, ref mut y } = f;
    let [input, output, weights, places] = lengths(&sizes);
    let outputs = sizes.groups * sizes.outputs;
    if x.len() < times(samples, input)
        || y.len() < times(samples, output)
        || w.len() < weights
        || (bias.len() < outputs && !bias.is_empty())
    {
        return;
    }
    let bias = if bias.is_empty() { core::ptr::null() } else { bias.as_ptr() };
    for n in 0..samples {
        // SAFETY: sample `n` of as many as the slices hold; of `x` and `w` nothing is written.
        unsafe {
            let y = y.as_mut_ptr().add(n * output);
            spread(bias, y, outputs, places);
            walk(&sizes, Side::Output, x.as_ptr().add(n * input).cast_mut(), y, w.as_ptr().cast_mut(), 1.0);
        }
    }
}

/// See [`ConvolveBackward`]; the order of `layer::conv`.
#[inline(always)]
pub fn convolve_backward(f: &mut ConvolveBackward<'_>) {
    let &mut ConvolveBackward { sizes, samples, x, x_row: _, w, dy, dy_row: _, ref mut dx, ref mut gradient } = f;
    let [input, output, weights, places] = lengths(&sizes);
    let outputs = sizes.groups * sizes.outputs;
    if x.len() < times(samples, input) || dy.len() < times(samples, output) || w.len() < weights {
        return;
    }
    for n in 0..samples {
        // SAFETY: sample `n` of as many as the slices hold, whose lengths are compared here too; of `w` and `dy` nothing is written.
        unsafe {
            let (x, dy) = (x.as_ptr().add(n * input), dy.as_ptr().add(n * output));
            if let Some(dx) = dx.as_mut().filter(|dx| dx.len() >= times(samples, input)) {
                let dx = dx.as_mut_ptr().add(n * input);
                spread(core::ptr::null(), dx, 1, input);
                walk(&sizes, Side::Input, dx, dy.cast_mut(), w.as_ptr().cast_mut(), 1.0);
            }
            if let Some(gradient) = gradient.as_mut().filter(|gradient| gradient.dw.len() >= weights) {
                walk(&sizes, Side::Weight, x.cast_mut(), dy.cast_mut(), gradient.dw.as_mut_ptr(), 1.0);
                gather(dy, gradient.db.as_mut_ptr(), outputs.min(gradient.db.len()), places, 1.0);
            }
        }
    }
}

/// A step where the weights lie, for one sample: `dx`, where it is asked for, then `w −= rate dw`, `b −= rate db`.
#[inline(always)]
pub fn convolve_descend(sizes: ConvolutionSizes, x: &[f32], dy: &[f32], w: &mut [f32], b: &mut [f32], dx: Option<&mut [f32]>, rate: f32) {
    let [input, output, weights, places] = lengths(&sizes);
    if x.len() < input || dy.len() < output || w.len() < weights {
        return;
    }
    // SAFETY: the lengths are compared; of `x` and `dy` nothing is written.
    unsafe {
        if let Some(dx) = dx.filter(|dx| dx.len() >= input) {
            spread(core::ptr::null(), dx.as_mut_ptr(), 1, input);
            walk(&sizes, Side::Input, dx.as_mut_ptr(), dy.as_ptr().cast_mut(), w.as_mut_ptr(), 1.0);
        }
        walk(&sizes, Side::Weight, x.as_ptr().cast_mut(), dy.as_ptr().cast_mut(), w.as_mut_ptr(), -rate);
        gather(dy.as_ptr(), b.as_mut_ptr(), (sizes.groups * sizes.outputs).min(b.len()), places, -rate);
    }
}

/// Which side of `y = w ∗ x` the others are summed to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Output,
    Input,
    Weight,
}

/// Visits every product of one sample, output by output, channel by channel, tap by tap and place by place; weights get `scale` times their
/// sums.
///
/// SAFETY: `x`, `y` and `w` are as large as `lengths` says, and the one that `side` names may be written.
#[inline(never)]
unsafe fn walk(s: &ConvolutionSizes, side: Side, x: *mut f32, mut y: *mut f32, mut w: *mut f32, scale: f32) {
    let ([h, width], [oh, ow], [kh, kw]) = (s.inputs_along, s.outputs_along, s.kernel);
    let mut first = x;
    for _ in 0..s.groups {
        for _ in 0..s.outputs {
            let mut plane = first;
            for _ in 0..s.inputs {
                for ky in 0..kh {
                    for kx in 0..kw {
                        let mut sums = [0.0; LANES];
                        for oy in 0..oh {
                            let iy = (oy * s.stride[0] + ky * s.dilation[0]).wrapping_sub(s.before[0]);
                            if iy >= h {
                                continue;
                            }
                            for ox in 0..ow {
                                let ix = (ox * s.stride[1] + kx * s.dilation[1]).wrapping_sub(s.before[1]);
                                // SAFETY: row and column lie inside, or are not read.
                                unsafe {
                                    let x = plane.add(iy * width).wrapping_add(ix);
                                    let y = y.add(oy * ow + ox);
                                    let value = if ix < width { *x } else { 0.0 };
                                    match side {
                                        Side::Output => *y += *w * value,
                                        Side::Input if ix < width => *x = value + *w * *y,
                                        Side::Input => {}
                                        Side::Weight => *lane(&mut sums, ox, ow) += *y * value,
                                    }
                                }
                            }
                        }
                        // SAFETY: one weight a tap.
                        unsafe {
                            if side == Side::Weight {
                                *w += scale * total(&sums);
                            }
                            w = w.add(1);
                        }
                    }
                }
                // SAFETY: at most behind the last plane.
                plane = unsafe { plane.add(h * width) };
            }
            // SAFETY: at most behind the last plane.
            y = unsafe { y.add(oh * ow) };
        }
        // SAFETY: at most behind the last group.
        first = unsafe { first.add(s.inputs * h * width) };
    }
}

/// Partial sums of a convolution's gradient, as in `layer::conv`.
const LANES: usize = 8;

/// The partial sum of column `ox`: a last tile that is not whole ends in the last lane.
#[inline(always)]
fn lane(sums: &mut [f32; LANES], ox: usize, columns: usize) -> &mut f32 {
    let whole = columns - columns % LANES;
    let shift = if columns > LANES && ox >= whole { LANES - columns % LANES } else { 0 };
    &mut sums[(ox + shift) % LANES]
}

/// The total of partial sums, pairwise, as `layer::sums::tree` has it.
#[inline(never)]
fn total(sums: &[f32; LANES]) -> f32 {
    ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]))
}

/// The bias of each channel to all of its places; zeros without biases.
///
/// SAFETY: `bias`, if any, has `channels` numbers, `y` has `places` for each.
#[inline(never)]
unsafe fn spread(bias: *const f32, mut y: *mut f32, channels: usize, places: usize) {
    for c in 0..channels {
        // SAFETY: as above.
        unsafe {
            let b = if bias.is_null() { 0.0 } else { *bias.add(c) };
            for _ in 0..places {
                *y = b;
                y = y.add(1);
            }
        }
    }
}

/// Adds `scale` times the sum of each channel's places to its bias's gradient, in the order of `layer::sums::sum`.
///
/// SAFETY: `db` has `channels` numbers, `dy` has `places` for each.
#[inline(never)]
unsafe fn gather(mut dy: *const f32, db: *mut f32, channels: usize, places: usize, scale: f32) {
    for c in 0..channels {
        let mut sums = [0.0; LANES];
        // SAFETY: as above.
        unsafe {
            for place in 0..places {
                sums[place % LANES] += *dy;
                dy = dy.add(1);
            }
            *db.add(c) += scale * total(&sums);
        }
    }
}
