//! Shapes without brackets.
use nn_core::prelude::*;

network! {
    struct Net: 4 -> [2] {
        fc: Dense(2),
    }
}

network! {
    struct Stated: [4] -> [2] {
        fc1: Dense(8) -> 8,
        fc2: Dense(2),
    }
}

fn main() {}
