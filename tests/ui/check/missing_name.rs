//! Layers with parameters need names.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        Conv2d(4, kernel = 3),
        BatchNorm,
        Flatten,
        fc1: Dense(4),
        Dense(2),
    }
}

fn main() {}
