//! Literals and constants, wrong in one network; all of it in one build.
use nn_core::prelude::*;

const HIDDEN: usize = 12;
const KERNEL: usize = 9;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = KERNEL),
        Relu,
        Flaten,
        a: Dense(HIDDEN) -> [11],
        b: Dense(8) -> [7],
        c: Dense(3),
    }
}

fn main() {}
