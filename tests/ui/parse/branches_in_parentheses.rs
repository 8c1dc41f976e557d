//! Branches that stand in parentheses, or without any.
use nn_core::prelude::*;

network! {
    struct Joined: [4] -> [8] {
        Concat(a: { fc: Dense(4) }, b: { Identity }),
    }
}

network! {
    struct Around: [4] -> [4] {
        Residual(main: { fc: Dense(4) }),
    }
}

network! {
    struct Bare: [4] -> [4] {
        Residual { main: Dense(4), skip: Identity },
    }
}

fn main() {}
