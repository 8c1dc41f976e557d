//! Labels of more classes than there are outputs, for a loss that takes labels and numbers.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [3] {
        fc1: Dense(8),
        Relu,
        fc2: Dense(3),
    }
}

fn main() {
    let mut net = Net::new_boxed(1);
    let data = Dataset::new(vec![[0.0; 4]], vec![Class::<4>::new(0).unwrap()]).unwrap();
    net.train(&data).loss(Hinge).optimizer(Adam::new(1e-3)).run().unwrap();
}
