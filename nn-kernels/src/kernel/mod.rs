//! Fast products of `f32` matrices, convolutions and pools: register tiles over the lanes of an instruction set, no packing of the operands but
//! where it pays.
//!
//! A kernel is a struct of its operands. It runs by `on(kernels)`, which this crate holds compiled for each instruction set, so that it costs
//! the user's crate a call; layers pass sizes as numbers, and `s.kernels()` of their token. Each is one source for every instruction set,
//! generic in `Lanes`; `compact` holds each as plain rolled loops, in the order of sums of the layers' own loops, which is the reference.

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) mod convolve;
#[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod cut;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) mod dots;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod lanes;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) mod max_pool;
mod parts;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) mod product;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod scratch;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) mod sum_rows;

pub mod compact;

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) use lanes::Lanes;

/// A product of sizes; what does not fit is more than any slice has.
#[inline(always)]
const fn times(a: usize, b: usize) -> usize {
    a.saturating_mul(b)
}

/// The operands of a kernel, and what it does with them. They stay where the caller put them: a copy would take as long as a small product.
pub(crate) trait Kernel: Sized {
    /// What it gives besides what it writes.
    type Output;
    /// By plain loops.
    fn portable(&mut self) -> Self::Output;
    /// By the lanes of an instruction set; mark it as `#[inline(always)]`.
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn lanes<S: Lanes>(&mut self, s: S) -> Self::Output;
}

/// A matrix product, `C = A B` or `C += A B`: `C` is `[m][n]`, `A` is `[m][k]`, `B` is `[k][n]`.
pub struct Product<'a> {
    /// Rows of `C` and `A`.
    pub m: usize,
    /// Columns of `C` and `B`.
    pub n: usize,
    /// What is summed over.
    pub k: usize,
    /// `A`.
    pub a: &'a [f32],
    /// From one row of `A` to the next.
    pub a_row: usize,
    /// From one column of `A` to the next: 1, or the row length of a matrix that is read transposed; then `a_row` is 1.
    pub a_column: usize,
    /// `B`; its columns lie side by side.
    pub b: &'a [f32],
    /// From one row of `B` to the next.
    pub b_row: usize,
    /// `C`; its columns lie side by side.
    pub c: &'a mut [f32],
    /// From one row of `C` to the next.
    pub c_row: usize,
    /// `C += A B` instead of `C = A B`.
    pub accumulate: bool,
}

impl Kernel for Product<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::product(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        if const { S::REGISTERS > 16 } {
            product::run::<S, 12, 2>(s, self);
        } else {
            product::run::<S, 6, 2>(s, self);
        }
    }
}

/// What a dense layer's kernel knows of the layers before and behind it.
///
/// Values *in lanes* lie with samples side by side: the samples in groups of as many as a tile of the instruction set has (at most
/// [`Link::GROUP`]), each `[outputs][samples]`; those that do not fill a group come behind, in rows. That is as much memory, what treats every
/// number alone need not know, and the next layer's tiles load it as it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// `x` lies in lanes.
    pub x_in_lanes: bool,
    /// `y` is to lie in lanes.
    pub y_in_lanes: bool,
    /// `y = max(0, …)`.
    pub relu: bool,
}

impl Link {
    /// No neighbours.
    pub const NONE: Self = Self { x_in_lanes: false, y_in_lanes: false, relu: false };
    /// A multiple of what any instruction set takes as a group: where batches in lanes may be cut.
    pub const GROUP: usize = 32;
    /// Numbers that are transposed in the time of a register's multiply-add.
    pub const TRANSPOSED: usize = 3;
    /// The most weights that are transposed: half of what a core's own cache holds.
    pub const WEIGHTS: usize = 1 << 16;
}

/// The output of a dense layer for a batch: `y[n][o] = b[o] + Σᵢ x[n][i] w[o][i]`.
pub struct Dots<'a> {
    /// Samples.
    pub samples: usize,
    /// `I`.
    pub inputs: usize,
    /// `O`.
    pub outputs: usize,
    /// `[samples][inputs]`.
    pub x: &'a [f32],
    /// `[outputs][inputs]`.
    pub w: &'a [f32],
    /// `[outputs]`, or empty.
    pub bias: &'a [f32],
    /// `[samples][outputs]`.
    pub y: &'a mut [f32],
    /// What lies before and behind. By plain loops everything lies in rows.
    pub link: Link,
}

impl Kernel for Dots<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::dots(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        if const { S::REGISTERS > 16 } {
            dots::run::<S, 12, 2>(s, self);
        } else {
            dots::run::<S, 6, 2>(s, self);
        }
    }
}

/// The sum of each column: `sums[j] = Σᵢ x[i][j]`, or `sums[j] += Σᵢ x[i][j]`.
pub struct SumRows<'a> {
    /// Rows of `x`.
    pub rows: usize,
    /// Columns of `x`.
    pub columns: usize,
    /// `[rows][columns]`.
    pub x: &'a [f32],
    /// `[columns]`.
    pub sums: &'a mut [f32],
    /// Adds to the sums instead of replacing them.
    pub accumulate: bool,
}

impl Kernel for SumRows<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::sum_rows(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        sum_rows::run(s, self);
    }
}

/// How a convolution slides: output `o` reads input `o · stride − before + tap · dilation`; pairs are rows, then columns.
#[derive(Clone, Copy, Debug)]
pub struct ConvolutionSizes {
    /// How many times the layer is there, side by side; `C` and `O` are this many times `inputs` and `outputs`.
    pub groups: usize,
    /// Input channels of a group.
    pub inputs: usize,
    /// Output channels of a group.
    pub outputs: usize,
    /// `[H, W]`.
    pub inputs_along: [usize; 2],
    /// `[OH, OW]`.
    pub outputs_along: [usize; 2],
    /// `[KH, KW]`.
    pub kernel: [usize; 2],
    /// From one output to the next, in inputs.
    pub stride: [usize; 2],
    /// From one tap to the next, in inputs.
    pub dilation: [usize; 2],
    /// Padding above and to the left.
    pub before: [usize; 2],
}

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
impl ConvolutionSizes {
    /// Rows and columns that the taps of all outputs reach, padding among them; `None` where no address is so far.
    #[inline(always)]
    const fn reach(&self) -> Option<[usize; 2]> {
        let mut reach = [0; 2];
        let mut axis = 0;
        while axis < 2 {
            let outputs = self.outputs_along[axis].saturating_sub(1).checked_mul(self.stride[axis]);
            let taps = self.kernel[axis].saturating_sub(1).checked_mul(self.dilation[axis]);
            let (Some(outputs), Some(taps)) = (outputs, taps) else { return None };
            let last = outputs.saturating_add(taps);
            if last >= isize::MAX as usize || self.inputs_along[axis].checked_add(self.before[axis]).is_none() {
                return None;
            }
            reach[axis] = last + 1;
            axis += 1;
        }
        Some(reach)
    }
}

/// The output of a convolution for a batch: `y = b + w ∗ x`.
pub struct Convolve<'a> {
    /// How it slides.
    pub sizes: ConvolutionSizes,
    /// Samples.
    pub samples: usize,
    /// `[samples][C][H][W]`.
    pub x: &'a [f32],
    /// `[O][inputs of a group][KH][KW]`.
    pub w: &'a [f32],
    /// `[O]`, or empty.
    pub bias: &'a [f32],
    /// `[samples][O][OH][OW]`.
    pub y: &'a mut [f32],
}

impl Kernel for Convolve<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::convolve(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        if const { S::REGISTERS > 16 } {
            convolve::forward::<S, 4>(s, self);
        } else {
            convolve::forward::<S, 2>(s, self);
        }
    }
}

/// The output of a convolution and the max-pooling of windows of 2 × 2 behind it, for a batch; see [`MaxPool`].
pub struct ConvolvePool<'a> {
    /// How the convolution slides.
    pub sizes: ConvolutionSizes,
    /// Samples.
    pub samples: usize,
    /// `[samples][C][H][W]`.
    pub x: &'a [f32],
    /// `[O][inputs of a group][KH][KW]`.
    pub w: &'a [f32],
    /// `[O]`, or empty.
    pub bias: &'a [f32],
    /// `[samples][O][OH / 2][OW / 2]`.
    pub y: &'a mut [f32],
    /// As `y`: which of the four it is.
    pub positions: Option<&'a mut [u8]>,
}

impl Kernel for ConvolvePool<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::convolve_pool(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        if const { S::REGISTERS > 16 } {
            convolve::forward_pooled::<S, 4>(s, self);
        } else {
            convolve::forward_pooled::<S, 2>(s, self);
        }
    }
}

/// The gradients of a convolution for a batch.
pub struct ConvolveBackward<'a> {
    /// How it slides.
    pub sizes: ConvolutionSizes,
    /// Samples.
    pub samples: usize,
    /// `[samples][C][H][W]`.
    pub x: &'a [f32],
    /// From one sample of `x` to the next; by plain loops they lie side by side.
    pub x_row: usize,
    /// `[O][inputs of a group][KH][KW]`.
    pub w: &'a [f32],
    /// `[samples][O][OH][OW]`.
    pub dy: &'a [f32],
    /// From one sample of `dy` to the next; as `x_row`.
    pub dy_row: usize,
    /// With max-pooling behind it, as [`ConvolvePool`] left them: then `dy` is the pool's, `[samples][O][OH / 2][OW / 2]`.
    pub positions: Option<&'a [u8]>,
    /// `[samples][C][H][W]`, overwritten.
    pub dx: Option<&'a mut [f32]>,
    /// Added to.
    pub gradient: Option<ConvolutionGradient<'a>>,
}

impl Kernel for ConvolveBackward<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::convolve_backward(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        if const { S::REGISTERS > 16 } {
            convolve::backward::<S, 4>(s, self);
        } else {
            convolve::backward::<S, 2>(s, self);
        }
    }
}

/// The gradients of a convolution's parameters.
pub struct ConvolutionGradient<'a> {
    /// As the weights.
    pub dw: &'a mut [f32],
    /// `[O]`, or empty.
    pub db: &'a mut [f32],
}

/// The largest of each window of 2 × 2, the windows side by side; a last odd row or column belongs to none.
pub struct MaxPool<'a> {
    /// Samples times channels.
    pub planes: usize,
    /// `[H, W]`; outputs are half as many, rounded down.
    pub inputs_along: [usize; 2],
    /// `[planes][H][W]`.
    pub x: &'a [f32],
    /// `[planes][H / 2][W / 2]`.
    pub y: &'a mut [f32],
    /// As `y`: which of the four it is, row by row. The first of equal ones; the last NaN before all.
    pub positions: Option<&'a mut [u8]>,
}

impl Kernel for MaxPool<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::max_pool(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        max_pool::forward(s, self);
    }
}

/// The gradient of [`MaxPool`] by its input.
pub struct MaxPoolBackward<'a> {
    /// Samples times channels.
    pub planes: usize,
    /// `[H, W]`.
    pub inputs_along: [usize; 2],
    /// `[planes][H / 2][W / 2]`, below 4.
    pub positions: &'a [u8],
    /// As `positions`.
    pub dy: &'a [f32],
    /// `[planes][H][W]`, overwritten.
    pub dx: &'a mut [f32],
}

impl Kernel for MaxPoolBackward<'_> {
    type Output = ();
    #[inline(always)]
    fn portable(&mut self) {
        compact::max_pool_backward(self);
    }
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    #[inline(always)]
    fn lanes<S: Lanes>(&mut self, s: S) {
        max_pool::backward(s, self);
    }
}
