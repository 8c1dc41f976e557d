//! Names given twice, also through an unnamed block.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fc1: Dense(8),
        fc1: Dense(4),
        Residual { main: { out: Dense(4) } },
        out: Dense(2),
    }
}

fn main() {}
