//! A shape without sizes.
use nn_core::prelude::*;

network! {
    struct Net: [] -> [2] {
        fc: Dense(2),
    }
}

fn main() {}
