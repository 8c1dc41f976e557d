//! An expression that overflows.
use nn_core::prelude::*;

const MANY: usize = usize::MAX;

network! {
    struct Net: [4] -> [2] {
        a: Dense(MANY * 2),
        fc: Dense(2),
    }
}

fn main() {}
