//! Keys of branches, and of blocks without one.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [16] {
        #[key("0")]
        a: Residual {
            #[key("main")]
            main: { fc: Dense(4) },
            #[key(side)]
            skip: { fc: Dense(4) },
        },
        #[key("")]
        b: Residual {
            main: { one: Dense(4) },
            #[key("")]
            skip: { one: Dense(4) },
        },
        Residual {
            main: { two: Dense(4) },
            #[key("act")]
            skip: { Relu },
        },
        #[key("")]
        c: Dense(4),
        d: Concat {
            #[frozen]
            left: { fc: Dense(8) },
            #[key("x")]
            #[key("y")]
            right: { fc: Dense(8) },
        },
        #[key("")]
        e: Repeat(2) { #[key("d")] fc: Dense(16) },
        #[key("0.d")]
        f: Dense(16),
        #[key("one")]
        g: Dense(16),
    }
}

fn main() {}
