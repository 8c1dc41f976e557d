use nn_core::prelude::*;

network! {
    struct Mlp: [4] -> [3] {
        hidden: Dense(8),
        Relu,
        logits: Dense(3),
    }
}

network! {
    struct Soft: [4] -> [3] {
        hidden: Dense(3),
        Softmax,
    }
}

fn main() {
    let (mut net, mut work, mut gradient) = (Soft::zeros(), TrainingWorkspace::new(), Plain::ZEROED);
    let target = Class::new(1).unwrap();
    net.step_online(&[0.0; 4], &target, &CrossEntropy, 0.1, &mut work);
    net.gradient(&[0.0; 4], &target, &CrossEntropy, &mut gradient, &mut work);
}
