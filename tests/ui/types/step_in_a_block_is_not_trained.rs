//! A `Step` in a nested block and in a nested network.
use nn_core::prelude::*;

network! {
    struct Inner: [4] -> [4] {
        block: Residual { main: { fc: Dense(4), Step } },
    }
}

network! {
    struct Net: [4] -> [3] {
        inner: Inner -> [4],
        fc1: Dense(3),
    }
}

fn main() {
    let mut net = Net::new_boxed(1);
    let data = Dataset::new(vec![[0.0; 4]], vec![[0.0; 3]]).unwrap();
    net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-3)).run().unwrap();
}
