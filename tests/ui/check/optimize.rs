//! `#[optimize]` says for what, once, on the network.
use nn_core::prelude::*;

network! {
    #[optimize(small)]
    struct Small: [4] -> [2] {
        #[optimize(size)]
        fc: Dense(2),
    }
}

network! {
    #[optimize]
    struct Unsaid: [4] -> [2] {
        fc: Dense(2),
    }
}

network! {
    #[optimize(size)]
    #[optimize(speed)]
    struct Both: [4] -> [2] {
        fc: Dense(2),
    }
}

network! {
    #[optimise(size)]
    struct Spelled: [4] -> [2] {
        fc: Dense(2),
    }
}

fn main() {}
