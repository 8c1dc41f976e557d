//! An argument without a value.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = ),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
