//! `skip` in the main branch of a residual block.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        block: Residual { main: { skip: Dense(4) } },
    }
}

fn main() {}
