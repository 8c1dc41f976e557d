//! Repeated layers that do not give their input's shape: one mistake, whatever follows.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [5] {
        blocks: Repeat(3) { d: Dense(5) },
    }
}

network! {
    struct Longer: [4] -> [2] {
        blocks: Repeat(3) { d: Dense(5), Relu } -> [5],
        fc: Dense(2),
    }
}

fn main() {}
