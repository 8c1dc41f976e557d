//! A slope and an α below 0, behind constants: backward could not tell from the output on which side the input was.
use nn_core::prelude::*;

const SLOPE: f64 = -0.1;
const ALPHA: f64 = 1.0;

network! {
    struct Net: [4] -> [2] {
        LeakyRelu(SLOPE),
        Elu(-ALPHA),
        Elu(ALPHA),
        fc: Dense(2),
    }
}

fn main() {}
