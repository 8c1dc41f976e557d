//! Blocks without braces, and braces without a block.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        a: Residual,
        b: Concat(2),
        c: Dense(4) { Relu },
        Relu { fc: Dense(4) },
        d: Block { fc: Dense(4) },
    }
}

fn main() {}
