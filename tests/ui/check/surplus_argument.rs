//! More arguments than a layer takes.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, 3, kernel = 3),
        Relu(0.1),
        MaxPool2d(2, 2),
        Flatten(1),
        norm: LayerNorm(8),
        fc1: Dense(4, 8),
        Dropout(0.1, 0.2),
        fc2: Dense(2),
    }
}

fn main() {}
