//! Rates that are no probabilities.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        Dropout(50),
        Dropout(1.0),
        Dropout(1.5),
        Dropout(25),
        Dropout(-0.5),
        Dropout("half"),
        fc: Dense(2),
    }
}

fn main() {}
