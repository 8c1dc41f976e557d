//! Neither input nor output.
use nn_core::prelude::*;

network! {
    struct Net {
        fc1: Dense(2),
    }
}

fn main() {}
