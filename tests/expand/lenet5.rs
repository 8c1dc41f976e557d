use nn_core::prelude::*;

network! {
    /// LeNet-5 for 28 × 28 grey-scale digits.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5) -> [16, 8, 8],
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
