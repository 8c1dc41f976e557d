//! Arithmetic on a const parameter.
use nn_core::prelude::*;

network! {
    struct Net<const H: usize>: [4] -> [2] {
        a: Dense(2 * H),
        b: Dense(H + 1),
        fc: Dense(2),
    }
}

fn main() {}
