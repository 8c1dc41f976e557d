//! Values that no window covers.
use nn_core::prelude::*;

network! {
    struct Net: [1, 13, 13] -> [2] {
        MaxPool2d(2),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Strided: [1, 28, 27] -> [2] {
        conv: Conv2d(4, kernel = 3, stride = 2),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Line: [1, 10] -> [2] {
        AvgPool1d(4, stride = 4),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
