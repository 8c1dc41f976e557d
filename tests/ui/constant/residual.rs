//! Branches that cannot be added, behind constants.
use nn_core::prelude::*;

const HIDDEN: usize = 12;
const CLASSES: usize = 10;

network! {
    struct Net: [CLASSES] -> [2] {
        a: Residual { main: { fc: Dense(HIDDEN), Relu } },
        b: Residual { main: { fc: Dense(8) }, skip: { fc: Dense(HIDDEN) } },
        fc: Dense(2),
    }
}

fn main() {}
