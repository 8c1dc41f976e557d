//! Four mistakes of shape, four errors, and none about the program that uses the network.
use nn_core::prelude::*;

network! {
    pub struct LeNet: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5) -> [6, 28, 28],
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        Relu,
        MaxPool2d(3),
        fc1: Dense(120),
        Relu,
        fc2: Dense(84),
        Relu,
        logits: Dense(11),
    }
}

fn main() {
    let mut net = LeNet::new_boxed(1);
    let data = Dataset::new(vec![[[[0.0; 28]; 28]; 1]], vec![Class::<10>::new(0).unwrap()]).unwrap();
    let y: [f32; 10] = net.predict(&data.inputs()[0]);
    println!("{y:?} {:?} {:?}", net.fc1.weight[0], net.conv2.weight[0][0]);
    net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).run().unwrap();
}
