//! Mistakes of names and words, and a program that goes on to use and train the network.
use nn_core::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [4] {
        conv1: Conv2d(4, kernle = 3),
        Rellu,
        MaxPool2d(2, strid = 2, remainder = Ignore),
        Conv2d(8, kernel = 3),
        Flatten,
        fc1: Linear(16),
        Relu,
        fc1: Dense(4),
    }
}

fn main() {
    let mut net = Net::new_boxed(1);
    let data = Dataset::new(vec![[[[0.0; 8]; 8]; 1]], vec![Class::<4>::new(0).unwrap()]).unwrap();
    println!("{:?} {:?}", net.predict(&data.inputs()[0]), net.fc1.weight[0]);
    net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).run().unwrap();
}
