//! Branches that do not continue each other.
use nn_core::prelude::*;

network! {
    struct Net: [2, 8, 8] -> [2] {
        Concat { a: { conv: Conv2d(4, kernel = 3) }, b: { conv: Conv2d(4, kernel = 5) } },
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Ranks: [2, 8, 8] -> [2] {
        Concat { a: { conv: Conv2d(4, kernel = 3) }, b: { GlobalAvgPool } },
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
