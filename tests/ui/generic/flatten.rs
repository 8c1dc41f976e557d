//! Flattening what has a const parameter in it.
use nn_core::prelude::*;

network! {
    struct Net<const H: usize>: [H, 4, 4] -> [2] {
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
