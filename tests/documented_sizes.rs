//! Sizes that docs state, since rustdoc does not show the values of `FLASH_BYTES` and `INFERENCE_RAM`: the numbers here are those that the
//! compiler finds, and a test of nn-macros reads this file and compares them with the docs.
#![cfg(test)]

use nn_core::prelude::*;

/// Networks of a declaration, each with its `FLASH_BYTES` and `INFERENCE_RAM`.
macro_rules! documented {
    ($($name:ident: $flash:literal, $ram:literal),+; network! { $($declaration:tt)* }) => {
        network! { $($declaration)* }
        const _: () = {
            $(assert!($name::FLASH_BYTES == $flash && $name::INFERENCE_RAM == $ram);)+
        };
    };
}

documented! {
    LeNet5: 177704, 17280;
    network! {
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
}

documented! {
    Normed: 107096, 4480,
    NormedFolded: 106816, 3328;
    network! {
        #[scalar(f64)]
        pub struct Normed: [2, 8, 8] -> [3] {
            conv: Conv2d(4, kernel = 3, bias = false),
            norm: BatchNorm,
            Relu,
            block: Residual {
                main: { conv: Conv2d(4, kernel = 3, padding = 1), norm: BatchNorm },
            },
            depth: DepthwiseConv2d(kernel = 3),
            other: BatchNorm,
            again: BatchNorm,
            Flatten,
            blocks: Repeat(3) { fc: Dense(64), norm: LayerNorm, Tanh },
            out: Dense(3),
        }
    }
}

documented! {
    OnlyRelu: 0, 0;
    network! {
        pub struct OnlyRelu: [7] -> [7] {
            Relu,
        }
    }
}
