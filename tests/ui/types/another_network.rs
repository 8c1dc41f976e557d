//! Another network where one is expected.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [3] {
        fc: Dense(3),
    }
}

fn act<N: Network<Input = [f32; 12], Output = [f32; 3]>>(net: &N) -> [f32; 3] {
    net.predict(&[0.0; 12])
}

fn main() {
    let net = Net::new_boxed(1);
    println!("{:?}", act(&*net));
}
