//! Weights of classes and of answers that are not one for each output.

use nn_core::prelude::*;

network! {
    struct Net: [4] -> [3] {
        fc: Dense(3),
    }
}

fn main() {
    let classes = Dataset::new(vec![[0.0; 4]], vec![Class::<3>::new(0).unwrap()]).unwrap();
    let answers = Dataset::new(vec![[0.0; 4]], vec![[true, false, true]]).unwrap();
    let mut net = Net::new_boxed(1);
    let _ = net.train(&classes).loss(CrossEntropy.class_weights([1.0, 2.0])).optimizer(Adam::new(1e-3)).run();
    let _ = net.train(&answers).loss(BinaryCrossEntropy.pos_weight([1.0, 2.0])).optimizer(Adam::new(1e-3)).run();
}
