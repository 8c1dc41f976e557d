//! Constants that are no such numbers.
use nn_core::prelude::*;

const NOTHING: f64 = f64::NAN;
const BELOW: f64 = -1e-5;
const MUCH: f64 = 2.0;

network! {
    struct Recurrent: [4, 3] -> [2] {
        lstm: Lstm(2, output = Last, forget_bias = NOTHING),
    }
}

network! {
    struct Norms: [4] -> [4] {
        a: BatchNorm(epsilon = BELOW),
        b: BatchNorm(momentum = MUCH),
        c: LayerNorm(epsilon = 1e-3 + 1e-4),
    }
}

fn main() {}
