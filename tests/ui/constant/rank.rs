//! Shapes of another rank, whose sizes are constants.
use nn_core::prelude::*;

const SIDE: usize = 8;
const CHANNELS: usize = 4;

network! {
    struct Net: [1, SIDE, SIDE] -> [2] {
        conv: Conv2d(CHANNELS, kernel = 3),
        a: Dense(8),
        b: Dense(2),
    }
}

network! {
    struct Soft: [SIDE, SIDE] -> [SIDE, SIDE] {
        Softmax,
    }
}

network! {
    struct Flat: [SIDE, SIDE] -> [SIDE] {
        conv: Conv2d(CHANNELS, kernel = SIDE),
        Relu,
    }
}

fn main() {
    let net = Net::new_boxed(1);
    println!("{:?} {:?}", net.predict(&[[[0.0; SIDE]; SIDE]; 1]), net.a.weight[0]);
}
