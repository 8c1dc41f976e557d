//! What keeps in PyTorch the values that `remainder = Ignore` drops, and what drops them.
use nn_core::prelude::*;

network! {
    struct Keeps: [1, 5, 5] -> [9] {
        MaxPool2d(2, ceil_mode = true),
        Flatten,
    }
}

network! {
    struct Drops: [1, 5, 5] -> [4] {
        MaxPool2d(2, ceil_mode = false),
        Flatten,
    }
}

fn main() {}
