//! Mistakes that have nothing to do with the parameter.
use nn_core::prelude::*;

network! {
    struct Net<const H: usize>: [4, 4] -> [2] {
        a: Dense(H),
        Rellu,
        b: Dense(3),
    }
}

fn main() {
    let net = Net::<8>::new_boxed(1);
    println!("{:?} {:?}", net.predict(&[[0.0; 4]; 4]), net.a.weight[0]);
}
