//! A network with `Step` predicts, but has no gradient.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [3] {
        fc1: Dense(3),
        Step,
    }
}

fn main() {
    let mut net = Net::new_boxed(1);
    let data = Dataset::new(vec![[0.0; 4]], vec![[0.0; 3]]).unwrap();
    net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-3)).run().unwrap();
}
