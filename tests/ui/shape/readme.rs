use nn_core::prelude::*;

network! {
    struct LeNet: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Relu,
        MaxPool2d(2),
        fc1: Dense(120),
        Rellu,
        logits: Dense(11),
    }
}

fn main() {
    let net = LeNet::zeros();
    println!("{:?} {}", net.predict(&[[[0.0; 28]; 28]; 1]), net.fc1.weight[0][0]);
}
