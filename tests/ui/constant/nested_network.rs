//! A nested network of another shape, behind constants.
use nn_core::prelude::*;

const HIDDEN: usize = 12;
const CLASSES: usize = 10;

network! {
    struct Encoder: [HIDDEN] -> [CLASSES] {
        fc: Dense(CLASSES),
    }
}

network! {
    struct Net: [CLASSES] -> [2] {
        encoder: Encoder -> [HIDDEN],
        fc: Dense(2),
    }
}

fn main() {}
