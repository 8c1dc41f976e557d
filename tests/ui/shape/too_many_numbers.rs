//! More numbers than the compiler should be asked to lay out: of a shape, of a layer's parameters, of what is repeated.
use nn_core::prelude::*;

network! {
    struct Wide: [4] -> [2] {
        a: Dense(10_000_000_000),
        b: Dense(2),
    }
}

network! {
    struct Weights: [100_000] -> [2] {
        a: Dense(100_000),
        b: Dense(2),
    }
}

network! {
    struct Repeated: [4] -> [4] {
        block: Residual { main: { blocks: Repeat(1_000_000_000) { a: Dense(4) } } },
    }
}

fn main() {}
