//! A network that is larger than its flash: by how much, and which layers are the largest.
use nn_core::prelude::*;

network! {
    #[budget(flash = 64 KiB)]
    struct LeNet5: [1, 28, 28] -> [10] {
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

fn main() {
    println!("{}", LeNet5::FLASH_BYTES);
}
