//! A user's program: LeNet-5, trained on nothing much, saved. Only the time that it takes to compile matters here.
use nn_core::prelude::*;

network! {
    /// LeNet-5 for 28 × 28 grey-scale digits.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        Relu,
        MaxPool2d(2),
        Flatten,
        fc1: Dense(120),
        Relu,
        fc2: Dense(84),
        Relu,
        logits: Dense(10),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inputs = vec![[[[0.5; 28]; 28]; 1]; 64];
    let targets = (0..64).filter_map(|i| Class::new(i % 10)).collect();
    let train = Dataset::new(inputs, targets)?;
    let mut net = LeNet5::new_boxed(1);
    let history = net.train(&train).loss(CrossEntropy).optimizer(Adam::new(1e-3)).epochs(1).run()?;
    println!("{history}");
    println!("{}", net.classify(&train.inputs()[0]));
    net.save_safetensors("lenet5.safetensors")?;
    Ok(())
}
