//! Branches that a residual block does not have, or has twice, or not at all.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        a: Residual { mian: { fc: Dense(4) } },
        b: Residual { main: { fc: Dense(5) }, shortcut: { fc: Dense(5) } },
        before: Dense(4),
        c: Residual { main: { fc: Dense(4) }, main: { fc: Dense(4) } },
        d: Residual { skip: { fc: Dense(6) } },
        short: Dense(4),
        e: Residual { main: { fc: Dense(4) }, skip: {} },
        f: Residual { fc: Dense(4), Relu },
        g: Residual(2) { main: { fc: Dense(4) } },
    }
}

fn main() {}
