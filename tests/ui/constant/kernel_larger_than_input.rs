//! The numbers behind the constants stand in the message.
use nn_core::prelude::*;

const KERNEL: usize = 9;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel = KERNEL),
        Relu,
        MaxPool2d(2),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
