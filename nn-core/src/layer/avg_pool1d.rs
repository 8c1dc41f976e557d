//! The mean of each window, shapes `[C, L] -> [C, OL]`: `y[c][t] = 1/(K) Σ over k of x[c][t·s − p + k·d]`, with stride `s`, padding `p`
//! (zeros, which count in the mean) and dilation `d`; PyTorch's `AvgPool1d` with its default `count_include_pad = True`.
//!
//! Given `dy`: `dx` is the sum of `dy / (K)` over the windows that hold the input. Backward needs nothing of forward.

use super::frame::pool;
use super::pool::Pool;
use super::window::{Axis, Window1d};

pool! {
    /// Average-pooling, `[C, L] -> [C, OL]`; `W` holds stride, padding and dilation.
    ///
    /// It has no parameters and no size; sizes that do not fit each other do not compile.
    pub struct AvgPool1d<C, L, OL, K; W: Axis = Window1d<K>>;
    layer: [[T; L]; C] => [[T; OL]; C],
    average: Pool<C, 1, L, 1, OL, 1, K, Window1d, W, T>,
}
