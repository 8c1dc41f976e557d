//! Semicolons between layers.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fc1: Dense(8);
        Relu;
        fc2: Dense(2),
    }
}

fn main() {}
