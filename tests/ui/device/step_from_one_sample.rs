use nn_core::prelude::*;

network! {
    struct Mlp: [4] -> [3] {
        hidden: Dense(8),
        Relu,
        logits: Dense(3),
    }
}

network! {
    struct Perceptron: [4] -> [3] {
        fc: Dense(3),
        Step,
    }
}

fn main() {
    let (mut net, mut work) = (Perceptron::zeros(), TrainingWorkspace::new());
    net.step_online(&[0.0; 4], &[0.0; 3], &MeanSquaredError, 0.1, &mut work);
}
