//! A comma is missing between branches, and a branch has an attribute.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [8] {
        Concat { a: { fc: Dense(4) } #[frozen] b: { fc: Dense(4) } },
    }
}

fn main() {}
