//! Windows larger than what they look at.
use nn_core::prelude::*;

network! {
    struct Net: [1, 6, 6] -> [2] {
        conv: Conv2d(4, kernel = 7),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Dilated: [1, 8] -> [2] {
        conv: Conv1d(4, kernel = 5, dilation = 2),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Padded: [1, 2, 9] -> [2] {
        conv: Conv2d(4, kernel = (5, 3), padding = 1),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Pooled: [1, 3, 3] -> [2] {
        MaxPool2d(4),
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
