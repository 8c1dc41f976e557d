//! A comma is missing; the layers after it are read all the same.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fc1: Dense(8)
        Relu
        fc2: Dense(3),
    }
}

fn main() {}
