//! Statements, calls and other signs of Rust, where layers stand.
use nn_core::prelude::*;

network! {
    struct Statements: [4] -> [4] {
        let h = Dense(4),
        for _ in 0..3 { fc: Dense(4) },
        return Softmax,
    }
}

network! {
    struct Chain: [4] -> [3] {
        fc1: Dense(8) -> Relu -> fc2: Dense(8),
        fc3: Dense(8).relu(),
        fc4: Dense(8) | Relu,
        fc5: Dense(3),
    }
}

network! {
    struct Names: [4] -> [4] {
        "fc": Dense(4),
        2: Dense(4),
    }
}

network! {
    struct Semicolon: [4] -> [4] {
        fc: Dense(4),
    };
}

fn main() {}
