//! A shape with a place for the number of samples, as other libraries have it.
use nn_core::prelude::*;

network! {
    struct Unknown: [_, 4] -> [?, 3] {
        fc: Dense(3),
    }
}

network! {
    struct Python: [None, 4] -> [-1, 3] {
        fc: Dense(3),
    }
}

network! {
    struct Dots: [.., 4] -> [3] {
        fc: Dense(3) -> [..., 3],
    }
}

fn main() {}
