//! Groups that do not divide the channels, behind constants.
use nn_core::prelude::*;

const CHANNELS: usize = 4;

const GROUPS: usize = 3;

network! {
    struct Net: [CHANNELS, 8, 8] -> [2] {
        a: Conv2d(8, kernel = 3, groups = GROUPS),
        b: DepthwiseConv2d(CHANNELS, kernel = 3),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
