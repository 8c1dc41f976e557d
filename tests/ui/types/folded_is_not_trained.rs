//! A folded network is for use: the one that it is folded from learns.
use nn_core::prelude::*;

network! {
    struct Net: [2] -> [1] { fc: Dense(3), norm: BatchNorm, Relu, out: Dense(1) }
}

fn main() {
    let data = Dataset::new(vec![[0.0; 2]; 4], vec![[0.0]; 4]).unwrap();
    let net = Net::new_boxed(1);
    let mut folded = NetFolded::from(&*net);
    folded.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-3)).run().unwrap();
    let mut work = TrainingWorkspace::<NetFolded>::new();
    folded.step_online(&[0.0; 2], &[0.0], &MeanSquaredError, 0.1, &mut work);
}
