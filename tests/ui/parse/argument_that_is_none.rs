//! Something that is no expression.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fc1: Dense(=> 8),
        fc2: Dense(2),
    }
}

fn main() {}
