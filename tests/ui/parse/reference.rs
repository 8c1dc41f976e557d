//! A network in a static is not supported yet.
use nn_core::prelude::*;

static BODY: u32 = 0;

network! {
    struct Net: [4] -> [2] {
        body: &Body(BODY) -> [8],
        fc: Dense(2),
    }
}

fn main() {}
