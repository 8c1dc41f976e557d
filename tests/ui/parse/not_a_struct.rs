//! An enum where a struct belongs, and nothing at all.
use nn_core::prelude::*;

network! {
    enum Net: [4] -> [2] {
        fc1: Dense(2),
    }
}

network! {
    pub Bare: [4] -> [2] {
        fc1: Dense(2),
    }
}

fn main() {
    println!("{:?} {:?}", Net::new_boxed(1).predict(&[0.0; 4]), Bare::new_boxed(1).fc1.bias);
}
