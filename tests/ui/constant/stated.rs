//! A stated shape that differs, behind constants.
use nn_core::prelude::*;

const HIDDEN: usize = 12;
const SIDE: usize = 8;

network! {
    struct Net: [1, SIDE, SIDE] -> [2] {
        conv: Conv2d(4, kernel = 3) -> [4, SIDE, 6],
        Flatten -> [HIDDEN],
        fc: Dense(2),
    }
}

fn main() {}
