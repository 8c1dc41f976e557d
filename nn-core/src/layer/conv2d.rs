//! Convolution over height and width, shapes `[C, H, W] -> [O, OH, OW]`:
//! `y[o][oy][ox] = b[o] + Σ_g Σ_ky Σ_kx w[o][g][ky][kx] · x[c][oy·s − p + ky·d][ox·s − p + kx·d]` (cross-correlation, as PyTorch's `Conv2d`),
//! with stride `s`, padding `p` (zeros), dilation `d` for each axis; `c` runs over the input channels of `o`'s group.
//!
//! Given `dy`: `dw[o][g][ky][kx] = Σ_oy Σ_ox dy[o][oy][ox] · x[c][…][…]`, `db[o] = Σ dy[o]`, and `dx` gathers `w · dy` over all outputs that
//! read an input. Backward needs the input `x`.

use super::conv::Convolution;
use super::frame::convolution;
use super::window::{Plane, Window2d};

convolution! {
    /// 2-D convolution, `[C, H, W] -> [O, OH, OW]`; `weight` is `[out][in / groups][KH][KW]`, as PyTorch's `Conv2d` has it.
    ///
    /// `Win` holds stride, padding and dilation; `G` is the number of input channels of a group (`C`: one group); `B` is the number of biases:
    /// `O`, or 0 for `bias = false`. Sizes that do not fit each other do not compile.
    pub struct Conv2d<C, H, W, O, OH, OW, KH, KW; Win: Plane = Window2d; G = C> {
        /// `[out][in / groups][KH][KW]`.
        weight: [[[[T; KW]; KH]; G]; O],
    }
    layer: [[[T; W]; H]; C] => [[[T; OW]; OH]; O],
    arithmetic: Convolution<C, H, W, O, OH, OW, KH, KW, Win::Rows, Win::Columns, T, G>,
}
