//! `BinaryCrossEntropy` applies the sigmoid itself.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [1] {
        fc1: Dense(1),
        Sigmoid,
    }
}

fn main() {
    let mut net = Net::new_boxed(1);
    let data = Dataset::new(vec![[0.0; 4]], vec![[1.0]]).unwrap();
    net.train(&data).loss(BinaryCrossEntropy).optimizer(Adam::new(1e-3)).run().unwrap();
}
