//! Branches of one name.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [8] {
        join: Concat { a: { fc: Dense(4) }, a: { fc: Dense(4) } },
    }
}

fn main() {}
