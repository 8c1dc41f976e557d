//! Arguments that a layer does not have.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel_size = 3, strde = 1, units = 4),
        norm: BatchNorm(eps = 1e-3),
        Flatten(axis = 1),
        fc: Dense(2, use_bias = false),
    }
}

fn main() {}
