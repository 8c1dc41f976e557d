//! Data of another rank, for one sample and for many.
use nn_core::prelude::*;

network! {
    struct Net: [1, 4, 4] -> [3] {
        Flatten,
        fc: Dense(3),
    }
}

fn main() {
    let net = Net::new_boxed(1);
    let x = [[0.0_f32; 4]; 4];
    let y = net.predict(&x);
    println!("{y:?}");
}
