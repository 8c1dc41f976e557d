//! Branches that do not continue each other, behind constants.
use nn_core::prelude::*;

const KERNEL: usize = 9;
const CHANNELS: usize = 4;

network! {
    struct Net: [2, 12, 12] -> [2] {
        Concat { a: { conv: Conv2d(CHANNELS, kernel = KERNEL) }, b: { conv: Conv2d(CHANNELS, kernel = 3) } },
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
