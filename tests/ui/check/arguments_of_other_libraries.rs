//! What PyTorch and Keras write in a layer's parentheses.
use nn_core::prelude::*;

network! {
    struct Inputs: [784] -> [10] {
        fc1: Dense(784, 128, bias = false),
        fc2: Dense(10, in_features = 128),
    }
}

network! {
    struct Channels: [1, 28, 28] -> [10] {
        conv1: Conv2d(1, 6, 5),
        conv2: Conv2d(6, 16, kernel_size = 5, padding = 2),
        conv3: Conv2d(8, 3),
        Flatten,
        fc: Dense(10),
    }
}

network! {
    struct Settings: [4] -> [3] {
        fc1: Dense(8, activation = Relu),
        norm: BatchNorm(8),
        fc2: Dense(8, kernel_initializer = "he_normal"),
        fc3: Dense(3, name = "logits", trainable = false),
        Softmax(dim = 1),
    }
}

network! {
    struct ChannelsLast: [28, 28, 1] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Flatten,
        fc: Dense(10),
    }
}

network! {
    struct Words: [4] -> [3] {
        fc1: nn::Linear(4, 8),
        BatchNorm1d(8),
        fc2: Dense<8>,
        fc3: Dense::new(3),
    }
}

fn main() {}
