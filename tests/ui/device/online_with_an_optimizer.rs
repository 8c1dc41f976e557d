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
    let (x, target) = ([0.0; 4], [0.0; 3]);
    net.step_online(&x, &target, &MeanSquaredError, Adam::new(1e-3), &mut work);
    net.step_online(&x, &target, &MeanSquaredError, Sgd::new(0.1).weight_decay(1e-4), &mut work);
    net.step_online(&x, &target, &MeanSquaredError, Sgd::new(0.1).momentum(0.9), &mut work);
}
