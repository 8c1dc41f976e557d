//! A layer that is not there, and one without parameters.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [3] {
        fc1: Dense(8),
        act: Relu,
        fc2: Dense(3),
    }
}

fn main() {
    let net = Net::new_boxed(1);
    println!("{:?}", net.fc3.weight);
    println!("{:?}", net.act);
}
