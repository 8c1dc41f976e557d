//! What is no layer between two layers: those behind it are read all the same.
use nn_core::prelude::*;

network! {
    struct Question: [4] -> [3] { a: Dense(5) ? b: Dense(3) }
}

network! {
    struct Bar: [4] -> [3] { a: Dense(5) | b: Dense(3) }
}

network! {
    struct Plus: [4] -> [3] { a: Dense(5) + Relu, b: Dense(3) }
}

network! {
    struct Slash: [4] -> [3] { a: Dense(5) / 2 b: Dense(3) }
}

network! {
    struct Arrow: [4] -> [3] { a: Dense(5) => b: Dense(3) }
}

network! {
    struct Shape: [4] -> [3] { a: Dense(5) [5] b: Dense(3) }
}

fn main() {}
