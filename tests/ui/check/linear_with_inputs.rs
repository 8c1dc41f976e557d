//! PyTorch's `Linear`, which takes its inputs too.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        a: Linear(4, 8),
        Relu,
        b: Linear(8, 2),
    }
}

fn main() {}
