//! Tomorrow's views of a page, from its past.
//!
//! A straight line through yesterday's number; then through the last 7, 28 and 56 days; then networks of 1 to 4 layers of 100 ReLUs on the 56 days.
//! The error on the days that it learned from, and on later days that it never saw, stand side by side: more layers keep lowering the first.
//!
//! `cargo run --release --example views -- other.csv` takes any file with the columns `date,views`.
use nn_core::data::{csv, windows};
use nn_core::prelude::*;

network! {
    struct Linear<const D: usize>: [D] -> [1] {
        line: Dense(1),
    }
}
network! {
    struct Deep1: [56] -> [1] {
        fc1: Dense(100),
        Relu,
        out: Dense(1),
    }
}
network! {
    struct Deep2: [56] -> [1] {
        fc1: Dense(100),
        Relu,
        fc2: Dense(100),
        Relu,
        out: Dense(1),
    }
}
network! {
    struct Deep3: [56] -> [1] {
        fc1: Dense(100),
        Relu,
        fc2: Dense(100),
        Relu,
        fc3: Dense(100),
        Relu,
        out: Dense(1),
    }
}
network! {
    struct Deep4: [56] -> [1] {
        fc1: Dense(100),
        Relu,
        fc2: Dense(100),
        Relu,
        fc3: Dense(100),
        Relu,
        fc4: Dense(100),
        Relu,
        out: Dense(1),
    }
}
