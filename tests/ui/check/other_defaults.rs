//! Words of other libraries whose defaults are others: the advice keeps their numbers.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        a: BatchNormalization,
        b: LayerNormalization,
        c: Dense(2),
    }
}

fn main() {}
