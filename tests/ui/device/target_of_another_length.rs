use nn_core::prelude::*;

network! {
    struct Mlp: [4] -> [3] {
        hidden: Dense(8),
        Relu,
        logits: Dense(3),
    }
}

fn main() {
    let (mut net, mut work) = (Mlp::zeros(), TrainingWorkspace::new());
    net.step_online(&[0.0; 4], &[0.0; 2], &MeanSquaredError, 0.1, &mut work);
}
