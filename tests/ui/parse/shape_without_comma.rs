//! A comma is missing in a shape.
use nn_core::prelude::*;

network! {
    struct Net: [1 28] -> [2] {
        Flatten,
        fc: Dense(3),
    }
}

fn main() {}
