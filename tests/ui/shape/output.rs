//! The last layer does not give the declared output.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [10] {
        fc1: Dense(8),
        Relu,
        fc2: Dense(11),
    }
}

network! {
    struct Image: [1, 8, 8] -> [10] {
        conv: Conv2d(4, kernel = 3),
        Relu,
    }
}

network! {
    struct Behind: [4] -> [10] {
        fc: Dense(9),
        norm: LayerNorm,
        Softmax,
    }
}

fn main() {}
