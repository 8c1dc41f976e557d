//! Branches that cannot be added.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        a: Residual { main: { fc: Dense(8), Relu } },
        b: Residual { main: { fc: Dense(4) }, skip: { fc: Dense(5) } },
        fc: Dense(4),
    }
}

network! {
    struct Image: [4, 8, 8] -> [2] {
        block: Residual { main: { conv: Conv2d(4, kernel = 3) } },
        Flatten,
        fc: Dense(2),
    }
}

fn main() {}
