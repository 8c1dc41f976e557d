//! Initialisers that are none, and places without weights.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        #[init(HeNorml)]
        a: Dense(4),
        #[init(Uniform(0.1))]
        b: Dense(4),
        #[init]
        c: Dense(4),
        #[init()]
        d: Dense(4),
        #[init(HeNormal(2.0))]
        e: Dense(4),
        #[init("zeros")]
        f: Dense(4),
        #[init(HeNormal)]
        Relu,
        #[init(Zeros)]
        g: BatchNorm,
        h: Dense(2),
    }
}

fn main() {}
