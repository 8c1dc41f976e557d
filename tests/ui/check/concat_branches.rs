//! Branches that do not make a concatenation.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        a: Concat { one: { fc: Dense(4) } },
        b: Concat { fc: Dense(4), Relu },
        c: Concat { x: {}, y: { fc: Dense(4) } },
        fc: Dense(4),
    }
}

fn main() {}
