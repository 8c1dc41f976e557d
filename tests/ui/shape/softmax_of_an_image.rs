//! Softmax takes vectors.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [4, 1, 1] {
        conv: Conv2d(4, kernel = 8),
        Softmax,
    }
}

network! {
    struct Log: [3, 4] -> [3, 4] {
        LogSoftmax,
    }
}

fn main() {}
