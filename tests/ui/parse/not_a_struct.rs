//! An enum where a struct belongs.
use nn_core::prelude::*;

network! {
    enum Net: [4] -> [2] {
        fc1: Dense(2),
    }
}

fn main() {}
