//! Attributes that layers do not have.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        #[frozn]
        a: Dense(4),
        #[scalar(f64)]
        b: Dense(4),
        #[cfg(test)]
        c: Dense(2),
    }
}

fn main() {}
