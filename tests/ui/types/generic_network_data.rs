//! Data for another size of a generic network.
use nn_core::prelude::*;

network! {
    struct Net<const N: usize>: [N] -> [2] {
        fc: Dense(2),
    }
}

fn main() {
    let net = Net::<8>::new_boxed(1);
    println!("{:?}", net.predict(&[0.0; 9]));
}
