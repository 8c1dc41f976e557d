//! `Same` padding with a stride: what follows has the shape that it has elsewhere.
use nn_core::prelude::*;

network! {
    struct Image: [1, 8, 8] -> [4, 4, 4] {
        conv: Conv2d(4, kernel = 3, stride = 2, padding = Same),
    }
}

network! {
    struct Odd: [1, 9] -> [2, 3] {
        conv: Conv1d(2, kernel = 5, stride = 3, padding = Same),
    }
}

fn main() {}
