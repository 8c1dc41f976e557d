//! Repetitions without a number or layers.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        a: Repeat { fc: Dense(4) },
        b: Repeat(0) { fc: Dense(4) },
        c: Repeat(2) {},
        d: Repeat(count = 2) { fc: Dense(4) },
        e: Repeat(2, 3) { fc: Dense(4) },
        f: Repeat(2) { main: { fc: Dense(4) } },
    }
}

fn main() {}
