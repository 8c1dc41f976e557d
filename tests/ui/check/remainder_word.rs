//! `remainder` is `Ignore` or nothing.
use nn_core::prelude::*;

network! {
    struct Net: [1, 9, 9] -> [2] {
        MaxPool2d(2, remainder = true),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
