//! Spellings of Python.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        a: Conv2d(4, kernel = 3, padding = "same"),
        b: Conv2d(4, kernel = [3, 3], stride = [1, 1]),
        Flatten,
        Dropout(.5),
        fc: Dense(2),
    }
}

fn main() {}
