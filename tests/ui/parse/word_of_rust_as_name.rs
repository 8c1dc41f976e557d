//! A word of Rust as a name.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fn: Dense(8),
        _: Dense(4),
        fc2: Dense(2),
    }
}

fn main() {}
