use nn_core::prelude::*;

network! {
    struct Mlp: [4] -> [3] {
        hidden: Dense(8),
        Relu,
        logits: Dense(3),
    }
}

network! {
    struct Normed: [4] -> [3] {
        hidden: Dense(8),
        bn: BatchNorm,
        logits: Dense(3),
    }
}

fn main() {
    let (mut net, mut work, mut gradient) = (Normed::zeros(), TrainingWorkspace::new(), Plain::ZEROED);
    net.step_online(&[0.0; 4], &[0.0; 3], &MeanSquaredError, 0.1, &mut work);
    net.gradient(&[0.0; 4], &[0.0; 3], &MeanSquaredError, &mut gradient, &mut work);
}
