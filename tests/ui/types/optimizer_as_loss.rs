//! Loss and optimizer in each other's place.
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
    let data = Dataset::new(vec![[0.0; 4]], vec![Class::<3>::new(0).unwrap()]).unwrap();
    net.train(&data).loss(Adam::new(1e-3)).optimizer(Adam::new(1e-3)).run().unwrap();
}
