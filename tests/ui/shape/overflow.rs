//! More numbers than there are addresses.
use nn_core::prelude::*;

network! {
    struct Net: [4294967296, 4294967296] -> [2] {
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Wide: [1, 8, 8] -> [2] {
        conv: Conv2d(18446744073709551615, kernel = 3),
        Flatten,
        fc: Dense(2),
    }
}

network! {
    struct Product: [4] -> [2] {
        a: Dense(4294967296 * 4294967296),
        b: Dense(2),
    }
}

fn main() {}
