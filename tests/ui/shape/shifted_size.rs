//! A size by shifts is a number like any other.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        a: Dense(1 << 40),
        b: Dense(2),
    }
}

network! {
    struct Beyond: [4] -> [2] {
        a: Dense(1 << 64),
        b: Dense(2),
    }
}

fn main() {}
