//! A word that comes close to nothing.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        encoder: Transformer,
        fc: Dense(2),
    }
}

fn main() {}
