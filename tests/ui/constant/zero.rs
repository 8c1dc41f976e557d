//! Constants that are zero.
use nn_core::prelude::*;

const NOTHING: usize = 0;
const CHANNELS: usize = 4;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(NOTHING, kernel = 3),
        Flatten,
        a: Dense(CHANNELS - 4),
        fc: Dense(2),
    }
}

fn main() {}
