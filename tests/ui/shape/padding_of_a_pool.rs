//! More padding than half of a pool's kernel.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        MaxPool2d(2, padding = 2),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
