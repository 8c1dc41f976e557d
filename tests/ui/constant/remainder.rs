//! Values that no window covers, behind a constant.
use nn_core::prelude::*;

const SIDE: usize = 8;
const STRIDE: usize = 2;

network! {
    struct Net: [1, SIDE, SIDE + 1] -> [2] {
        conv: Conv2d(4, kernel = 3, stride = STRIDE),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
