//! A type that does not exist.
use nn_core::prelude::*;

network! {
    struct Lost: [12] -> [2] {
        a: Missing -> [12],
        fc: Dense(2),
    }
}

fn main() {}
