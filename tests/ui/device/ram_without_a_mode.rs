use nn_core::prelude::*;

network! {
    struct Mlp: [4] -> [3] {
        hidden: Dense(8),
        Relu,
        logits: Dense(3),
    }
}

const BYTES: usize = Mlp::training_ram(Sgd::new(0.1), 32);

fn main() {
    println!("{BYTES}");
}
