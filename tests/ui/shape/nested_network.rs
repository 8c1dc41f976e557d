//! A network in a network, of another shape.
use nn_core::prelude::*;

network! {
    struct Encoder: [16] -> [8] {
        fc: Dense(8),
    }
}

network! {
    struct Net: [12] -> [2] {
        encoder: Encoder -> [6],
        fc: Dense(2),
    }
}

fn main() {}
