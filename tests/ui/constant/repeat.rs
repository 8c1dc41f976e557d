//! Repeated layers that change the shape, and none, behind constants.
use nn_core::prelude::*;

const HIDDEN: usize = 12;
const NOTHING: usize = 0;

network! {
    struct Net: [4] -> [2] {
        a: Repeat(3) { fc: Dense(HIDDEN) },
        b: Repeat(NOTHING) { fc: Dense(4) },
        fc: Dense(2),
    }
}

fn main() {}
