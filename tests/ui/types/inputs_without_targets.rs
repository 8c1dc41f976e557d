use nn_core::prelude::*;

network! {
    struct Net: [3] -> [2] {
        logits: Dense(2),
    }
}

fn main() {
    let inputs = vec![[0.0; 3]; 10];
    let mut net = Net::new_boxed(1);
    let _ = net.train(&inputs);
}
