//! The number of outputs after a keyword.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(kernel = 3, 4),
        Flatten,
        fc: Dense(bias = false, 2),
    }
}

fn main() {}
