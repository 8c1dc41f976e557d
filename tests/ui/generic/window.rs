//! Windows over a const parameter, or of one.
use nn_core::prelude::*;

network! {
    struct Net<const H: usize>: [1, H, 8] -> [2] {
        conv: Conv2d(4, kernel = 3),
        GlobalAvgPool,
        fc: Dense(2),
    }
}

network! {
    struct Kernel<const H: usize>: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = H),
        GlobalAvgPool,
        fc: Dense(2),
    }
}

fn main() {}
