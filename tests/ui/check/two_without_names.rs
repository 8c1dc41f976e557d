//! Layers without names, none of which is told another's.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        Dense(8),
        Relu,
        Dense(8),
        fc2: Dense(3),
        Dense(2),
    }
}

fn main() {}
