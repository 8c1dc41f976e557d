//! Stated shapes that differ from what the layers give.
use nn_core::prelude::*;

network! {
    struct Net: [1, 12, 12] -> [2] {
        conv1: Conv2d(4, kernel = 3) -> [4, 12, 12],
        Relu -> [4, 10],
        MaxPool2d(2) -> [4, 5, 5],
        Flatten -> [128],
        fc: Dense(2) -> [2],
    }
}

fn main() {}
