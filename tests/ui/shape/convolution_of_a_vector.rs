//! Convolutions and pools of inputs of another rank.
use nn_core::prelude::*;

network! {
    struct Net: [28, 28] -> [2] {
        conv: Conv2d(4, kernel = 3),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Vector: [28] -> [2] {
        conv: Conv2d(4, kernel = 3),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Image: [1, 28, 28] -> [2] {
        conv: Conv1d(4, kernel = 3),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Late: [1, 8, 8] -> [2] {
        Flatten,
        MaxPool2d(2),
        fc: Dense(2),
    }
}

network! {
    struct Mean: [8] -> [2] {
        GlobalAvgPool,
        fc: Dense(2),
    }
}

fn main() {}
