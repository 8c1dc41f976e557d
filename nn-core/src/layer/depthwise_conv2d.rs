//! Depthwise convolution, shapes `[C, H, W] -> [O, OH, OW]` with `O` a multiple of `C`: every input channel has its own `O / C` kernels.
//! `y[o][oy][ox] = b[o] + Σ_ky Σ_kx w[o][0][ky][kx] · x[o / (O / C)][oy·s − p + ky·d][ox·s − p + kx·d]`: PyTorch's `Conv2d` with
//! `groups = C`, and its order of outputs.
//!
//! Given `dy`: as in [`conv2d`](super::conv2d). Backward needs the input `x`.

use super::conv::Convolution;
use super::frame::convolution;
use super::window::{Plane, Window2d};

convolution! {
    /// Depthwise convolution, `[C, H, W] -> [O, OH, OW]`; `weight` is `[out][1][KH][KW]`, as PyTorch's `Conv2d` with `groups = C` has it.
    ///
    /// `Win` holds stride, padding and dilation; `B` is the number of biases: `O`, or 0 for `bias = false`. Sizes that do not fit each other
    /// do not compile.
    pub struct DepthwiseConv2d<C, H, W, O, OH, OW, KH, KW; Win: Plane = Window2d> {
        /// `[out][1][KH][KW]`.
        weight: [[[[T; KW]; KH]; 1]; O],
    }
    layer: [[[T; W]; H]; C] => [[[T; OW]; OH]; O],
    arithmetic: Convolution<C, H, W, O, OH, OW, KH, KW, Win::Rows, Win::Columns, T, 1>,
}
