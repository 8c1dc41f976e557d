//! Arguments for a layer of one's own.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        scale: my::Scale(4) -> [4],
    }
}

mod my {
    nn_core::network! {
        pub struct Scale: [4] -> [4] {
            fc: Dense(4),
        }
    }
}

fn main() {}
