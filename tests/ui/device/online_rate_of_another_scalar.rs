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
    let rate: f64 = 0.1;
    net.step_online(&[0.0; 4], &[0.0; 3], &MeanSquaredError, rate, &mut work);
}
