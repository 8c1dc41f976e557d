//! Sizes that need not be equal.
use nn_core::prelude::*;

network! {
    struct Net<const H: usize>: [4] -> [2] {
        a: Dense(H) -> [8],
        block: Residual { main: { fc: Dense(H) } },
        fc: Dense(H),
    }
}

fn main() {}
