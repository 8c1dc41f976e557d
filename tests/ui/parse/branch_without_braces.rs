//! A branch that is no block.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        block: Residual { main: { fc: Dense(4) }, skip: Identity },
    }
}

fn main() {}
