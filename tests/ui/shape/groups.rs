//! Groups that do not divide the channels.
use nn_core::prelude::*;

network! {
    struct Net: [4, 8, 8] -> [2] {
        a: Conv2d(8, kernel = 3, groups = 3),
        b: Conv2d(6, kernel = 3, groups = 4),
        c: DepthwiseConv2d(8, kernel = 3),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
