//! Repeated layers that change the shape.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        blocks: Repeat(3) { fc: Dense(8), Relu },
    }
}

fn main() {}
