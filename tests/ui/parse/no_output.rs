//! An input, but no output.
use nn_core::prelude::*;

network! {
    struct Net: [4] {
        fc1: Dense(2),
    }
}

fn main() {}
