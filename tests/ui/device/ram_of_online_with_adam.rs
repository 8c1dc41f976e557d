use nn_core::prelude::*;

network! {
    struct Mlp: [4] -> [3] {
        hidden: Dense(8),
        Relu,
        logits: Dense(3),
    }
}

const BYTES: usize = Mlp::training_ram(Adam::new(1e-3), Online);
const WITH_MOMENTUM: usize = Mlp::training_ram(Sgd::new(0.1).momentum(0.9), Online);

fn main() {
    println!("{BYTES} {WITH_MOMENTUM}");
}
