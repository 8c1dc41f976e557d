//! An attribute without a layer.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        fc2: Dense(2),
        #[frozen]
    }
}

fn main() {}
