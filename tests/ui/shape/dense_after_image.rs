//! A vector is wanted, an image comes.
use nn_core::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [10] {
        conv1: Conv2d(16, kernel = 5, stride = 2, remainder = Ignore),
        Relu,
        MaxPool2d(3),
        fc1: Dense(120),
        Relu,
        fc2: Dense(10),
    }
}

fn main() {}
