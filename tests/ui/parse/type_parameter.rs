//! Networks are generic in sizes alone.
use nn_core::prelude::*;

network! {
    struct Net<T>: [4] -> [2] {
        fc: Dense(2),
    }
}

network! {
    struct Borrowed<'a>: [4] -> [2] {
        fc: Dense(2),
    }
}

network! {
    struct Counted<const N: u32>: [4] -> [2] {
        fc: Dense(2),
    }
}

network! {
    struct Defaulted<const N: usize = 2>: [4] -> [N] {
        fc: Dense(N),
    }
}

fn main() {}
