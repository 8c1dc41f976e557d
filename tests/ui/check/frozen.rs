//! Places where there is nothing to freeze.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        #[frozen]
        Relu,
        #[frozen(true)]
        a: Dense(4),
        #[frozen]
        #[frozen]
        b: Dense(2),
    }
}

fn main() {}
