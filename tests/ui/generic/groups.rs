//! Groups of a const parameter of channels.
use nn_core::prelude::*;

network! {
    struct Net<const H: usize>: [H, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = 1, groups = 2),
        GlobalAvgPool,
        fc: Dense(2),
    }
}

fn main() {}
