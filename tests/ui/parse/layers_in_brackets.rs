//! A network's layers in other brackets than braces.
use nn_core::prelude::*;

network! {
    struct List: [4] -> [3] [
        fc1: Dense(8),
        fc2: Dense(3),
    ]
}

fn main() {}
