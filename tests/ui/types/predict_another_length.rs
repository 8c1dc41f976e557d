//! Data of another length.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [3] {
        fc1: Dense(8),
        Relu,
        fc2: Dense(3),
    }
}

fn main() {
    let net = Net::new_boxed(1);
    let y = net.predict(&[0.0; 5]);
    println!("{y:?}");
}
