//! Constants of another type, and constants that do not exist.
use nn_core::prelude::*;

const HIDDEN: u32 = 8;

network! {
    struct Net: [4] -> [2] {
        a: Dense(HIDDEN),
        fc: Dense(2),
    }
}

network! {
    struct Lost: [4] -> [2] {
        a: Dense(HIDEN),
        fc: Dense(2),
    }
}

fn main() {}
