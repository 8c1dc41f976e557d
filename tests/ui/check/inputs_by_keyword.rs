//! The inputs of a layer, which follow from the layer before, beside its outputs.
use nn_core::prelude::*;

network! {
    struct Net: [6] -> [2] {
        a: Dense(in = 6, out = 2),
    }
}

fn main() {}
