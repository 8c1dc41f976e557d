//! A network without layers, and one without braces.
use nn_core::prelude::*;

network! {
    struct Empty: [4] -> [2] {}
}

network! {
    struct Open: [4] -> [2]
}

fn main() {}
