//! Pairs where none belong, and triples.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = (3, 3, 3)),
        Flatten,
        fc: Dense((2, 2)),
    }
}

network! {
    struct Line: [1, 8] -> [2] {
        conv: Conv1d(4, kernel = (3, 3)),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
