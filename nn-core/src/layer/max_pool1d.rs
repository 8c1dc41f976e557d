//! The largest value of each window, shapes `[C, L] -> [C, OL]`: `y[c][t] = max over k of x[c][t·s − p + k·d]`, with stride `s`,
//! padding `p` (−∞, so that it never wins) and dilation `d`; PyTorch's `MaxPool1d`: the first of equal values wins, and NaN wins over all.
//!
//! Given `dy`: `dx` receives `dy` where the maximum was, summed where windows overlap, and 0 elsewhere. Backward needs only the position of
//! each maximum in its window, which is kept in a byte: a window has at most 256 elements.

use super::frame::pool;
use super::pool::Pool;
use super::window::{Axis, Window1d};

pool! {
    /// Max-pooling, `[C, L] -> [C, OL]`; `W` holds stride, padding and dilation. At most 256 elements a window.
    ///
    /// It has no parameters and no size; sizes that do not fit each other do not compile.
    pub struct MaxPool1d<C, L, OL, K; W: Axis = Window1d<K>>;
    layer: [[T; L]; C] => [[T; OL]; C],
    max([[u8; OL]; C]): Pool<C, 1, L, 1, OL, 1, K, Window1d, W, T>,
}
