//! The argument that stands first, by a keyword.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(filters = 4, kernel = 3),
        MaxPool2d(kernel = 2),
        Flatten,
        fc1: Dense(units = 8),
        Dropout(p = 0.5),
        fc2: Dense(3),
    }
}

fn main() {}
