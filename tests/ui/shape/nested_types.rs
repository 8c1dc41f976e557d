//! Types that are no layers, and types that do not exist.
use nn_core::prelude::*;

struct Plainly;

network! {
    struct Net: [12] -> [2] {
        a: Plainly -> [12],
        fc: Dense(2),
    }
}

network! {
    struct Lost: [12] -> [2] {
        a: Missing -> [12],
        fc: Dense(2),
    }
}

fn main() {}
