//! A shape written like an array.
use nn_core::prelude::*;

network! {
    struct Net: [28; 28] -> [2] {
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
