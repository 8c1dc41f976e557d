//! Tuples of shapes are not supported yet.
use nn_core::prelude::*;

network! {
    struct Net: ([4], [3]) -> [2] {
        fc: Dense(2),
    }
}

network! {
    struct Forked: [4] -> ([2], [1]) {
        fc: Dense(2),
    }
}

fn main() {}
