//! Arguments in brackets and braces, and names before `=`.
use nn_core::prelude::*;

network! {
    struct Net: [2, 8, 8] -> [4] {
        conv: Conv2d{2, kernel = 3},
        MaxPool2d[2],
        Flatten,
        a: Dense[8],
        b: Dense{8},
        Dropout{0.5},
        c = Dense(4),
    }
}

fn main() {}
