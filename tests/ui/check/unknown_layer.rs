//! Words that come close to a layer, and words of other libraries.
use nn_core::prelude::*;

network! {
    struct Net: [1, 12, 12] -> [2] {
        conv1: Conv2D(4, kernel = 3),
        ReLU,
        pool: MaxPool(2),
        norm: BatchNorm2d,
        Flaten,
        fc1: Linear(8),
        Sigmod,
        fc2: Dnese(2),
    }
}

fn main() {}
