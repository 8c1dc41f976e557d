//! A rate that is no probability, behind a constant.
use nn_core::prelude::*;

const RATE: f64 = 50.0;

network! {
    struct Net: [4] -> [2] {
        Dropout(RATE),
        fc: Dense(2),
    }
}

fn main() {}
