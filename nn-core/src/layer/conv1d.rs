//! Convolution over a sequence, shapes `[C, L] -> [O, OL]`:
//! `y[o][t] = b[o] + Σ_g Σ_k w[o][g][k] · x[c][t·s − p + k·d]` (cross-correlation, as PyTorch's `Conv1d`), with stride `s`, padding `p`
//! (zeros), dilation `d`; `c` runs over the input channels of `o`'s group. Padding on the left alone makes it causal.
//!
//! Given `dy`: `dw[o][g][k] = Σ_t dy[o][t] · x[c][t·s − p + k·d]`, `db[o] = Σ dy[o]`, and `dx` gathers `w · dy` over all outputs that read an
//! input. Backward needs the input `x`. The arithmetic is that of a 2-D convolution with a single row.

use super::conv::Convolution;
use super::frame::convolution;
use super::window::{Axis, Window1d};

convolution! {
    /// 1-D convolution, `[C, L] -> [O, OL]`; `weight` is `[out][in / groups][K]`, as PyTorch's `Conv1d` has it.
    ///
    /// `W` holds stride, padding and dilation; `G` is the number of input channels of a group (`C`: one group); `B` is the number of biases:
    /// `O`, or 0 for `bias = false`. Sizes that do not fit each other do not compile.
    pub struct Conv1d<C, L, O, OL, K; W: Axis = Window1d; G = C> {
        /// `[out][in / groups][K]`.
        weight: [[[T; K]; G]; O],
    }
    layer: [[T; L]; C] => [[T; OL]; O],
    arithmetic: Convolution<C, 1, L, O, 1, OL, 1, K, Window1d, W, T, G>,
}
