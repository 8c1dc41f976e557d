//! The mean of each window, shapes `[C, H, W] -> [C, OH, OW]`: `y[c][oy][ox] = 1/(KH · KW) Σ over ky, kx of x[c][oy·s − p + ky·d][ox·s − p + kx·d]`, with stride `s`, padding `p`
//! (zeros, which count in the mean) and dilation `d`; PyTorch's `AvgPool2d` with its default `count_include_pad = True`.
//!
//! Given `dy`: `dx` is the sum of `dy / (KH · KW)` over the windows that hold the input. Backward needs nothing of forward.

use super::frame::pool;
use super::pool::Pool;
use super::window::{Plane, Window2d};

pool! {
    /// Average-pooling, `[C, H, W] -> [C, OH, OW]`; `Win` holds stride, padding and dilation.
    ///
    /// It has no parameters and no size; sizes that do not fit each other do not compile.
    pub struct AvgPool2d<C, H, W, OH, OW, KH, KW; Win: Plane = Window2d<KH, KW>>;
    layer: [[[T; W]; H]; C] => [[[T; OW]; OH]; C],
    average: Pool<C, H, W, OH, OW, KH, KW, Win::Rows, Win::Columns, T>,
}
