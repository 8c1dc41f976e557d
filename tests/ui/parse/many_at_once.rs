//! Five mistakes of form, five errors, and none about the rest of the program.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [2] {
        conv: Conv2d(4, kernel: 3)
        Relu;
        Flatten,
        fc1: ,
        fc2: Dense(8) [8],
        out: Dense(2),
    }
}

fn main() {
    let net = Net::new_boxed(1);
    let y: [f32; 2] = net.predict(&[[[0.0; 8]; 8]; 1]);
    println!("{y:?} {:?}", net.out.bias);
}
