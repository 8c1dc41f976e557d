//! Names of blocks that become one in types; only the mistake itself is reported.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [4] {
        a_b: Residual { main: { fc: Dense(4) } },
        aB: Residual { main: { fc: Dense(4) } },
        gradient: Residual { main: { fc: Dense(4) } },
        Rellu,
    }
}

fn main() {}
