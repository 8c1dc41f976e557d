//! A constant that no compiler can lay out, by itself and behind others.
use nn_core::prelude::*;

const WIDTH: usize = 1 << 40;

network! {
    struct Net: [4] -> [2] {
        a: Dense(WIDTH),
        Relu,
        b: Dense(2),
    }
}

fn main() {}
