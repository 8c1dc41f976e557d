//! Adding a const parameter of channels.
use nn_core::prelude::*;

network! {
    struct Net<const H: usize>: [4] -> [2] {
        Concat { a: { fc: Dense(H) }, b: { fc: Dense(4) } },
        fc: Dense(2),
    }
}

fn main() {}
