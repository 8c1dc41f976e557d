//! A network in a network has a name and a shape.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        Encoder -> [3],
        b: other::Encoder,
        fc: Dense(2),
    }
}

network! {
    struct Encoder: [4] -> [3] {
        fc: Dense(3),
    }
}

mod other {
    nn_core::network! {
        pub struct Encoder: [3] -> [3] {
            fc: Dense(3),
        }
    }
}

fn main() {}
