//! A network that would be infinitely large.
use nn_core::prelude::*;

network! {
    struct N: [4] -> [4] {
        fc: Dense(4),
        a: N -> [4],
    }
}

network! {
    struct Path: [4] -> [4] {
        a: self::Path -> [4],
        block: Residual { main: { b: Path -> [4] } },
    }
}

network! {
    struct Generic<const H: usize>: [4] -> [4] {
        a: Generic<H> -> [4],
    }
}

fn main() {}
