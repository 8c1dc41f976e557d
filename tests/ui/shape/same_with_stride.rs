//! `Same` padding with a stride.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = 3, stride = 2, padding = Same),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
