//! Words for padding.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv1: Conv2d(4, kernel = 3, padding = Sme),
        conv2: Conv2d(4, kernel = 3, padding = same),
        conv3: Conv2d(4, kernel = 3, padding = Causal),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
