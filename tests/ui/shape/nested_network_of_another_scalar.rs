//! A network of f32 in a network of f64.
use nn_core::prelude::*;

network! {
    struct Encoder: [16] -> [8] {
        fc: Dense(8),
    }
}

network! {
    #[scalar(f64)]
    struct Net: [16] -> [2] {
        encoder: Encoder -> [8],
        fc: Dense(2),
    }
}

fn main() {}
