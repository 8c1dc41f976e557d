//! Convolutions.

use super::dense::add_scaled;
use super::{fours, times};
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
    let outputs = times(sizes.groups, sizes.outputs);
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
    if f.positions.is_some() {
        return super::convolve_pool::backward(f);
    }
    let &mut ConvolveBackward { sizes, samples, x, x_row: _, w, dy, dy_row: _, positions: _, ref mut dx, ref mut gradient } = f;
    let [input, output, weights, places] = lengths(&sizes);
    let outputs = times(sizes.groups, sizes.outputs);
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
        gather(dy.as_ptr(), b.as_mut_ptr(), times(sizes.groups, sizes.outputs).min(b.len()), places, -rate);
    }
}

/// Which side of `y = w ∗ x` the others are summed to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Output,
    Input,
    Weight,
}

/// Visits every product of one sample, output by output, channel by channel, tap by tap, and then row by row; weights get `scale` times their
/// sums. Where places are beyond any index, there is nothing to visit.
///
/// SAFETY: `x`, `y` and `w` are as large as `lengths` says, and the one that `side` names may be written.
#[inline(never)]
unsafe fn walk(s: &ConvolutionSizes, side: Side, x: *mut f32, mut y: *mut f32, mut w: *mut f32, scale: f32) {
    if !(is_within(s, 0) && is_within(s, 1)) {
        return;
    }
    let ([h, width], [oh, ow], [kh, kw]) = (s.inputs_along, s.outputs_along, s.kernel);
    let mut first = x;
    for _ in 0..s.groups {
        for _ in 0..s.outputs {
            let mut plane = first;
            for _ in 0..s.inputs {
                for ky in 0..kh {
                    let rows = covered(s, 0, ky * s.dilation[0]);
                    for kx in 0..kw {
                        let tap = Tap::new(s, rows, ky * s.dilation[0], kx * s.dilation[1]);
                        // SAFETY: the planes are there; one weight a tap.
                        unsafe {
                            let sum = tap.visit(side, plane, y, *w);
                            if side == Side::Weight {
                                *w += scale * sum;
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

/// Twice as wide as an index.
#[cfg(target_pointer_width = "64")]
type Wide = u128;
#[cfg(not(target_pointer_width = "64"))]
type Wide = u64;

/// Whether an index reaches all places along an axis.
#[inline(never)]
fn is_within(s: &ConvolutionSizes, axis: usize) -> bool {
    let axis = axis % 2;
    let outputs = s.outputs_along[axis] as Wide * s.stride[axis] as Wide;
    let taps = s.kernel[axis] as Wide * s.dilation[axis] as Wide;
    let inputs = s.inputs_along[axis] as Wide + s.before[axis] as Wide;
    // Half of the largest index each, so that no sum of two is beyond it.
    (outputs | taps | inputs) <= (usize::MAX / 2) as Wide
}

/// One tap of a kernel: which rows and columns of the outputs it has an input for.
struct Tap {
    /// The first row and column, and behind the last.
    rows: [usize; 2],
    columns: [usize; 2],
    /// Columns of an output.
    width: usize,
    /// From one input of a row to the next.
    stride: usize,
    /// From the begin of an input plane to where the input of the first output is, or would be.
    offset: usize,
    /// From one row of inputs to the next.
    pitch: usize,
}

/// The first output along an axis that a tap `shift` inputs from the first has an input for, and the one behind the last.
#[inline(never)]
fn covered(s: &ConvolutionSizes, axis: usize, shift: usize) -> [usize; 2] {
    let (stride, before, inputs) = (s.stride[axis % 2], s.before[axis % 2], s.inputs_along[axis % 2]);
    let [mut begin, mut end] = [0, s.outputs_along[axis % 2]];
    while begin < end && begin * stride + shift < before {
        begin += 1;
    }
    while end > begin && (end - 1) * stride + shift >= inputs + before {
        end -= 1;
    }
    [begin, end]
}

impl Tap {
    /// The tap so many inputs below and beside the first.
    #[inline(always)]
    fn new(s: &ConvolutionSizes, rows: [usize; 2], down: usize, right: usize) -> Self {
        let width = s.inputs_along[1];
        Self {
            rows,
            columns: covered(s, 1, right),
            width: s.outputs_along[1],
            stride: s.stride[1],
            offset: (down.wrapping_sub(s.before[0]).wrapping_mul(width)).wrapping_add(right).wrapping_sub(s.before[1]),
            pitch: s.stride[0].wrapping_mul(width), // beyond any index only behind the last row
        }
    }

    /// What the walk does with two planes and a weight; the sum of the products, where that is asked for.
    ///
    /// SAFETY: `x` and `y` are planes of the tap's convolution; the one that `side` names may be written.
    #[inline(never)]
    unsafe fn visit(&self, side: Side, x: *mut f32, y: *mut f32, w: f32) -> f32 {
        let &Self { rows: [top, bottom], columns: [begin, end], width, stride, offset, pitch } = self;
        let (mut x, mut y) = (x.wrapping_add(offset.wrapping_add(top * pitch)), y.wrapping_add(top * width));
        let mut sums = [0.0; LANES];
        for _ in top..bottom {
            // SAFETY: the row is there; of its inputs, those that `columns` says.
            unsafe {
                let (inside, covered) = (x.wrapping_add(begin * stride), y.add(begin));
                if side == Side::Output {
                    // Beyond the edge lie zeros, which are added too: they make a negative zero positive.
                    let mut column = if begin == 0 { end } else { 0 };
                    while column < width {
                        *y.add(column) += w * 0.0;
                        column += 1;
                        if column == begin {
                            column = end;
                        }
                    }
                }
                match side {
                    Side::Weight => self.multiply(x, y, &mut sums),
                    Side::Output => add_scaled_apart(covered, 1, inside, stride, w, end - begin),
                    Side::Input => add_scaled_apart(inside, stride, covered, 1, w, end - begin),
                }
            }
            (x, y) = (x.wrapping_add(pitch), y.wrapping_add(width));
        }
        total(&sums)
    }

    /// Adds the products of inputs and outputs to partial sums, tile by tile: a last tile that is not whole ends in the last lane.
    ///
    /// SAFETY: as in `visit`.
    #[inline(always)]
    unsafe fn multiply(&self, x: *const f32, y: *const f32, sums: &mut [f32; LANES]) {
        let ([begin, end], sums) = (self.columns, sums.as_mut_ptr());
        let mut tile = 0;
        while tile < self.width {
            let len = (self.width - tile).min(LANES);
            let lane = if tile == 0 { 0 } else { LANES - len };
            let is_whole = len == LANES && tile >= begin && tile + LANES <= end && self.stride == 1;
            // SAFETY: within the row, and within the lanes.
            unsafe {
                if is_whole {
                    fours::add_products(LANES / 4, sums, x.wrapping_add(tile), y.add(tile));
                } else {
                    for i in 0..len {
                        let column = tile + i;
                        let is_inside = column >= begin && column < end;
                        let value = if is_inside { *x.wrapping_add(column * self.stride) } else { 0.0 };
                        *sums.add(lane + i) += *y.add(column) * value;
                    }
                }
            }
            tile += len;
        }
    }
}

/// `y += a x`, over numbers of which those of one side lie apart.
///
/// SAFETY: both have `n` numbers so far apart, and one stride is 1.
#[inline(always)]
unsafe fn add_scaled_apart(mut y: *mut f32, y_stride: usize, mut x: *const f32, x_stride: usize, a: f32, n: usize) {
    // SAFETY: as above; what is behind the last is not read.
    unsafe {
        if y_stride == x_stride {
            add_scaled(y, x, a, n); // both are 1
            return;
        }
        for _ in 0..n {
            *y += a * *x;
            (y, x) = (y.wrapping_add(y_stride), x.wrapping_add(x_stride));
        }
    }
}

/// Partial sums of a convolution's gradient, as in `layer::conv`.
const LANES: usize = 8;

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
