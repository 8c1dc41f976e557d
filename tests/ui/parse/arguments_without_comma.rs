//! Commas are missing between arguments.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4 kernel = 3 padding = 1),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
