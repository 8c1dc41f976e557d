//! Layers that are not supported yet.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        lstm: Lstm(8),
        gru: Gru(8),
        fc: Dense(2),
    }
}

fn main() {}
