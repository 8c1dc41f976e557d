//! Arguments of another kind.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv1: Conv2d(4, kernel = 3, bias = 1),
        conv2: Conv2d("4", kernel = 2.5),
        conv3: Conv2d(4, kernel = true, padding = 'x'),
        Flatten,
        norm: LayerNorm(epsilon = "small"),
        fc: Dense(2u8),
    }
}

fn main() {}
