//! A network without a name.
use nn_core::prelude::*;

network! {
    struct: [4] -> [2] {
        fc1: Dense(2),
    }
}

fn main() {}
