//! Padding that does not fit, behind constants.
use nn_core::prelude::*;

const STRIDE: usize = 2;

const PADDING: usize = 3;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = 3, stride = STRIDE, padding = Same),
        MaxPool2d(2, padding = PADDING),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
