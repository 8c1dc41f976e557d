//! Numbers of another size.
use nn_core::prelude::*;

network! {
    #[scalar(f64)]
    struct Net: [4] -> [3] {
        fc: Dense(3),
    }
}

fn main() {
    let net = Net::new_boxed(1);
    let x: [f32; 4] = [0.0; 4];
    println!("{:?}", net.predict(&x));
}
