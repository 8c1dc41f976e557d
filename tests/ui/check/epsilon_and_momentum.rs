//! Numbers out of their range.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        norm1: BatchNorm(epsilon = 0, momentum = 2),
        norm2: LayerNorm(epsilon = -1e-5),
        fc: Dense(2),
    }
}

fn main() {}
