//! Arguments without which a layer means nothing.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv1: Conv2d(4),
        conv2: Conv2d(kernel = 3),
        MaxPool2d,
        Dropout,
        Flatten,
        fc1: Dense,
        fc2: Dense(),
        fc3: Dense(2),
    }
}

fn main() {}
