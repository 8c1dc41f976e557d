//! Convolutions, in two ways that share their inner loop: the sums of `M` outputs by `N` registers of places stay in registers, while a list
//! of taps runs; each tap broadcasts `M` weights and loads `N` registers of inputs.
//!
//! - **Samples in lanes.** The inputs of as many samples as a register has lanes are transposed to `[C][H][W][LANES]`, with their padding.
//!   Every product then fills all lanes, whatever stride, padding and dilation, and the gradients are such sums too.
//! - **Places in lanes**, for the forward pass of single samples: the input is copied once for each column of the kernel, so that what
//!   neighbouring outputs read by one tap lies side by side, also from the end of one row to the beginning of the next.
//!
//! # Why samples lie in lanes
//!
//! With few channels and small images, neither channels nor columns fill a register. Sixteen samples always do, and stride, padding and
//! dilation are then nothing but distances. Transposing a batch on the way in and out costs a tenth of the product. With a pool behind,
//! the four places of a window are four registers, so that the largest needs no shuffle.
//!
//! A single sample whose output channels fill whole registers, as a second convolution's usually do, has these in lanes instead
//! (`channels`): transposing the weights costs less than the copies, and no lane stays empty at the end of an image. That is 0.3 to 0.5
//! µs of LeNet-5's 7. The memory of all this belongs to the thread (`scratch`), so that no layer's type knows of it.
#![allow(
    unsafe_code,
    reason = "raw pointers in the inner loops; `forward` and `backward` prove once that every access lies inside its slice"
)]
#![allow(clippy::too_many_arguments, reason = "a struct would only rename them")]

mod backward;
mod channels;
mod forward;
mod maxima;
mod pooled;

pub(crate) use backward::backward;
pub(crate) use forward::forward;
pub(crate) use pooled::forward as forward_pooled;

use super::scratch::LINE;
use super::{ConvolutionSizes, Lanes, times};

/// The most outputs of a tile.
const ROWS: usize = 6;

/// The rows of the next tile, where `left` are left. A tile of four would save nothing that can be measured, and takes a tenth of the time in
/// which the kernels are compiled.
const fn tile_rows(left: usize) -> usize {
    if left >= ROWS {
        ROWS
    } else if left >= 2 {
        2
    } else {
        1
    }
}

/// Calls `$function::<S, M, $n>` for a run-time `M`, one of those of [`tile_rows`]; each is a function of its own.
macro_rules! with_rows {
    ($rows:expr, $function:ident::<$lanes:ty, _, $n:tt>($s:expr, $($argument:expr),* $(,)?)) => {
        match $rows {
            6 => $s.apart(#[inline(always)] || $function::<$lanes, 6, $n>($s, $($argument),*)),
            2 => $s.apart(#[inline(always)] || $function::<$lanes, 2, $n>($s, $($argument),*)),
            _ => $s.apart(#[inline(always)] || $function::<$lanes, 1, $n>($s, $($argument),*)),
        }
    };
}

use with_rows;

/// What follows from the sizes.
#[derive(Clone, Copy)]
struct Plan {
    sizes: ConvolutionSizes,
    /// Outputs of a channel; with a pool behind, those that lie in windows.
    places: usize,
    /// Whether the places lie window by window of 2 × 2, four after each other.
    pooled: bool,
    /// Products of an output.
    taps: usize,
    /// Rows and columns that the taps reach, padding among them.
    rows: usize,
    columns: usize,
}

impl Plan {
    /// # Panics
    /// Where the copies of a padded input are larger than any memory. All that follows from the sizes is a place in them, or the length of a
    /// slice, which `forward` and `backward` compare; so nothing wraps.
    fn new(sizes: ConvolutionSizes) -> Self {
        let Some([rows, columns]) = sizes.reach() else { panic!("a convolution beyond any memory: {sizes:?}") };
        // A place may lie up to two strides behind the last that is read.
        let [below, beside] = sizes.stride.map(|stride| times(2, stride));
        let plane = times(rows.saturating_add(below), columns.saturating_add(beside));
        let copies = times(times(times(sizes.groups, sizes.inputs), plane), sizes.kernel[1].saturating_add(1));
        assert!(copies < isize::MAX as usize / size_of::<[f32; LINE]>(), "a convolution beyond any memory: {sizes:?}");
        Self {
            sizes,
            places: times(sizes.outputs_along[0], sizes.outputs_along[1]),
            pooled: false,
            taps: times(sizes.inputs, times(sizes.kernel[0], sizes.kernel[1])),
            rows,
            columns,
        }
    }

    /// With max-pooling behind it.
    fn pooled(sizes: ConvolutionSizes) -> Self {
        let places = times(4, times(sizes.outputs_along[0] / 2, sizes.outputs_along[1] / 2));
        Self { places, pooled: true, ..Self::new(sizes) }
    }

    fn channels(&self) -> usize {
        times(self.sizes.groups, self.sizes.inputs)
    }

    fn outputs(&self) -> usize {
        times(self.sizes.groups, self.sizes.outputs)
    }

    /// Numbers of one sample's input.
    fn input(&self) -> usize {
        times(self.channels(), times(self.sizes.inputs_along[0], self.sizes.inputs_along[1]))
    }

    /// Numbers of one sample's output.
    fn output(&self) -> usize {
        times(self.outputs(), self.places)
    }

    fn weights(&self) -> usize {
        times(self.outputs(), self.taps)
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
        let place = |oy, ox| (oy * down * self.columns + ox * across) * lanes;
        let (mut oy, mut ox) = (0, 0);
        if self.pooled {
            for window in places.as_chunks_mut().0 {
                *window = [place(oy, ox), place(oy, ox + 1), place(oy + 1, ox), place(oy + 1, ox + 1)];
                ox += 2;
                if ox + 1 >= width {
                    (oy, ox) = (oy + 2, 0);
                }
            }
            return;
        }
        for at in places {
            *at = place(oy, ox);
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

/// Where the places of a tile lie.
#[inline(always)]
fn addresses<const N: usize>(x: *const f32, places: &[usize; N]) -> [*const f32; N] {
    let mut addresses = [x; N];
    for (address, place) in addresses.iter_mut().zip(places) {
        *address = x.wrapping_add(*place);
    }
    addresses
}

/// Inputs of `lanes` samples that lie `row` apart, transposed: `[C][rows][columns][LANES]`. Padding stays as it is.
/// A function of its own, the same for all passes.
#[inline(always)]
unsafe fn to_lanes<S: Lanes>(s: S, plan: &Plan, lanes: usize, from: *const f32, row: usize, to: *mut f32) {
    s.apart(
        #[inline(always)]
        || {
            plan.stretches(
                #[inline(always)]
                |start, place, count| {
                    let mut i = 0;
                    while i < count {
                        let columns = S::LANES.min(count - i);
                        // SAFETY: stretches lie inside the sample and inside the padded input.
                        unsafe {
                            let to = to.add((place + i) * S::LANES);
                            s.transpose(lanes, columns, S::LANES, from.add(start + i), row, to, S::LANES);
                        }
                        i += columns;
                    }
                },
            );
        },
    );
}
