use nn_core::prelude::*;

network! {
    struct Mlp: [4] -> [3] {
        hidden: Dense(8),
        Relu,
        logits: Dense(3),
    }
}

network! {
    struct Other: [4] -> [3] {
        only: Dense(3),
    }
}

fn main() {
    let mut net = Mlp::zeros();
    let mut work = TrainingWorkspace::<Other>::new();
    net.step_online(&[0.0; 4], &[0.0; 3], &MeanSquaredError, 0.1, &mut work);
    let gradient = <Other as Layer>::Gradient::ZEROED;
    let mut optimizer = OptimizerState::<Mlp, _>::new(Adam::new(1e-3));
    optimizer.update(&mut net, &gradient);
}
