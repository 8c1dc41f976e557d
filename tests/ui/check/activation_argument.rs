//! Arguments of activations.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        LeakyRelu(-0.1),
        LeakyRelu(slope = 0.1),
        Elu("1"),
        Elu(1.0, 2.0),
        Gelu(Tan),
        Gelu(Erf),
        GeluTanh,
        fc: Dense(2),
    }
}

fn main() {}
