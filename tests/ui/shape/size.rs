//! Sizes that are none.
use nn_core::prelude::*;

network! {
    struct Net: [4, 0] -> [2] {
        Flatten,
        a: Dense(0),
        b: Dense(-3),
        c: Dense(2.5),
        d: Dense("8"),
        e: Dense(8u32),
        f: Dense([8]),
        g: Dense(2 - 2),
        h: Dense(99999999999999999999),
        i: Dense(2),
    }
}

fn main() {}
