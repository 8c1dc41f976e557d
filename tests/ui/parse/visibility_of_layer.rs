//! A visibility on a layer.
use nn_core::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        pub a: Dense(8),
        Relu,
        pub(crate) b: Dense(2),
    }
}

fn main() {}
