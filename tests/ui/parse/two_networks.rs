//! Two networks in one macro.
use nn_core::prelude::*;

network! {
    struct A: [4] -> [2] {
        fc: Dense(2),
    }
    struct B: [4] -> [2] {
        fc: Dense(2),
    }
}

fn main() {}
