//! Fast products of `f32` matrices, convolutions and pools: register tiles over the lanes of an instruction set, no packing of the operands but
//! where it pays.
//!
//! Each kernel is one source for every instruction set, generic in `Lanes`; `reference` holds the plainest form of each.

#[cfg(feature = "std")]
pub(crate) mod convolve;
#[cfg(feature = "std")]
pub(crate) mod dots;
#[cfg(feature = "std")]
mod lanes;
#[cfg(feature = "std")]
pub(crate) mod max_pool;
#[cfg(feature = "std")]
pub(crate) mod product;
#[cfg(feature = "std")]
mod scratch;

pub(crate) mod reference;

#[cfg(feature = "std")]
pub(crate) use lanes::Lanes;

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
    /// From one column of `A` to the next: 1, or the row length of a matrix that is read transposed.
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
}

/// How a convolution slides, as [`window`](crate::layer::window) says; pairs are rows, then columns.
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

/// The gradients of a convolution for a batch.
pub struct ConvolveBackward<'a> {
    /// How it slides.
    pub sizes: ConvolutionSizes,
    /// Samples.
    pub samples: usize,
    /// `[samples][C][H][W]`.
    pub x: &'a [f32],
    /// `[O][inputs of a group][KH][KW]`.
    pub w: &'a [f32],
    /// `[samples][O][OH][OW]`.
    pub dy: &'a [f32],
    /// `[samples][C][H][W]`, overwritten.
    pub dx: Option<&'a mut [f32]>,
    /// Added to.
    pub gradient: Option<ConvolutionGradient<'a>>,
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
