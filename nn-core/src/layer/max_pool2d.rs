//! The largest value of each window, shapes `[C, H, W] -> [C, OH, OW]`: `y[c][oy][ox] = max over ky, kx of x[c][oy·s − p + ky·d][ox·s − p + kx·d]`, with stride `s`,
//! padding `p` (−∞, so that it never wins) and dilation `d`; PyTorch's `MaxPool2d`: the first of equal values wins, and NaN wins over all.
//!
//! Given `dy`: `dx` receives `dy` where the maximum was, summed where windows overlap, and 0 elsewhere. Backward needs only the position of
//! each maximum in its window, which is kept in a byte: a window has at most 256 elements.

use super::frame::pool;
use super::pool::Pool;
use super::window::{Plane, Window2d};

pool! {
    /// Max-pooling, `[C, H, W] -> [C, OH, OW]`; `Win` holds stride, padding and dilation. At most 256 elements a window.
    ///
    /// It has no parameters and no size; sizes that do not fit each other do not compile.
    pub struct MaxPool2d<C, H, W, OH, OW, KH, KW; Win: Plane = Window2d<KH, KW>>;
    layer: [[[T; W]; H]; C] => [[[T; OW]; OH]; C],
    max([[[u8; OW]; OH]; C]): Pool<C, H, W, OH, OW, KH, KW, Win::Rows, Win::Columns, T>,
}
