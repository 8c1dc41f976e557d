//! The last layer does not give the declared output, behind constants.
use nn_core::prelude::*;

const HIDDEN: usize = 12;
const CLASSES: usize = 10;

network! {
    struct Net: [4] -> [CLASSES] {
        fc1: Dense(HIDDEN),
        Relu,
        fc2: Dense(HIDDEN - 1),
        Softmax,
    }
}

network! {
    struct Known: [4] -> [10] {
        fc: Dense(HIDDEN),
    }
}

fn main() {
    let net = Net::new_boxed(1);
    let y: [f32; CLASSES] = net.predict(&[0.0; 4]);
    println!("{y:?} {}", net.fc1.bias[0]);
}
