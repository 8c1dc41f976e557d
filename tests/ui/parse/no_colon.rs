//! The colon before the input is missing.
use nn_core::prelude::*;

network! {
    struct Net [4] -> [2] {
        fc1: Dense(2),
    }
}

fn main() {}
