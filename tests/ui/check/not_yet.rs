//! Layers that are not supported yet.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        words: Embedding(8),
        up: ConvTranspose2d(8, kernel = 2),
        fc: Dense(2),
    }
}

fn main() {}
