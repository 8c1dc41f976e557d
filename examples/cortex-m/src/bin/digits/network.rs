//! The network, declared once for training on a PC and for use in firmware.

nn_core::network! {
    /// Handwritten digits of 8 × 8 pixels from 0 to 1.
    pub struct Digits: [1, 8, 8] -> [10] {
        conv1: Conv2d(8, kernel = 3, padding = Same),
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 3, padding = Same),
        Relu,
        Flatten,
        fc1: Dense(32),
        Relu,
        logits: Dense(10),
    }
}
