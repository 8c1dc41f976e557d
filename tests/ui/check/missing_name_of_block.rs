//! Blocks that need names.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        Repeat(2) { fc: Dense(4) },
        Residual { main: { a: Dense(4) }, skip: { b: Dense(4) } },
    }
}

fn main() {}
