//! A name without a layer.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fc1: ,
        fc2: Dense(2),
    }
}

fn main() {}
