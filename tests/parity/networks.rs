//! Whole networks: keys and shapes, outputs in use and while training, the loss, every gradient, the statistics afterwards.

#![allow(missing_docs, reason = "declarations of a test")]

use nn_core::data::Class;
use nn_core::loss::{CrossEntropy, Loss};
use nn_core::{Real, Scalar};

use crate::fixture::{File, close, layer};

/// The loss of a classifier, and its gradient.
fn classified<T: Scalar, const N: usize>(file: &File, case: &str, y: &[[T; N]], dy: &mut [[T; N]]) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
    let targets = file.get(&format!("{case}/target")).iter().map(|c| Class::new(*c as usize).expect("a class")).collect::<Vec<Class<N>>>();
    let sums = Loss::<Real, _, _>::batch(&CrossEntropy, y, &targets, None, dy);
    close(&format!("{case}/loss"), &[T::from_f64(sums.reduce(nn_core::loss::Reduction::Mean))], &file.get(&format!("{case}/loss")));
}

/// `case => Name: input -> output { layers }`: declared with f64 and with f32, and checked.
macro_rules! networks {
    ($($case:ident => $name:ident: [$($input:tt)*] -> [$n:literal] { $($layers:tt)* })*) => {
        mod double {
            use nn_core::prelude::*;
            $(network! {
                #[scalar(f64)]
                pub struct $name: [$($input)*] -> [$n] { $($layers)* }
            })*
        }
        mod single {
            use nn_core::prelude::*;
            $(network! {
                pub struct $name: [$($input)*] -> [$n] { $($layers)* }
            })*
        }
        cases! { "networks": $(
            $case => |file, case| {
                layer::<double::$name>(file, case, classified::<f64, $n>);
                layer::<single::$name>(file, case, classified::<f32, $n>);
            }
        ),* }
    };
}

networks! {
    mlp => Mlp: [6] -> [3] {
        fc1: Dense(9),
        Tanh,
        fc2: Dense(8),
        Gelu,
        fc3: Dense(7),
        Sigmoid,
        norm: LayerNorm,
        logits: Dense(3),
    }
    lenet => LeNet: [1, 10, 10] -> [10] {
        conv1: Conv2d(4, kernel = 3, bias = false),
        norm1: BatchNorm,
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(6, kernel = 3, padding = 1),
        Relu,
        MaxPool2d(2),
        Flatten,
        fc1: Dense(12),
        norm2: BatchNorm,
        Relu,
        logits: Dense(10),
    }
    residual => Blocks: [2, 5, 5] -> [5] {
        stem: Conv2d(4, kernel = 3, padding = Same),
        Relu,
        block1: Residual {
            main: {
                conv1: Conv2d(4, kernel = 3, padding = Same),
                norm1: BatchNorm,
                Relu,
                conv2: Conv2d(4, kernel = 3, padding = Same),
                norm2: BatchNorm,
            },
        },
        Relu,
        block2: Residual {
            main: {
                conv1: Conv2d(6, kernel = 3, stride = 2, padding = 1),
                Silu,
                conv2: Conv2d(6, kernel = 3, padding = 1),
            },
            skip: {
                conv: Conv2d(6, kernel = 1, stride = 2),
            },
        },
        Relu,
        GlobalAvgPool,
        logits: Dense(5),
    }
    depthwise => Depthwise: [3, 7, 7] -> [4] {
        wide: Conv2d(4, kernel = 3, stride = 2, padding = 1, bias = false),
        norm: BatchNorm,
        Relu6,
        depth: DepthwiseConv2d(8, kernel = 3, padding = 1),
        LeakyRelu(0.2),
        point: Conv2d(5, kernel = 1),
        Elu,
        AvgPool2d(2),
        Flatten,
        logits: Dense(4),
    }
    causal => Causal: [2, 10] -> [3] {
        conv1: Conv1d(4, kernel = 3, padding = Causal),
        Softplus,
        conv2: Conv1d(4, kernel = 3, padding = Causal, dilation = 2),
        HardSigmoid,
        conv3: Conv1d(6, kernel = 3, stride = 2, groups = 2, remainder = Ignore),
        Gelu(Tanh),
        MaxPool1d(2),
        Flatten,
        logits: Dense(3),
    }
    branches => Branches: [2, 4, 4] -> [4] {
        parts: Concat {
            a: {
                conv: Conv2d(3, kernel = 1),
                Relu,
            },
            b: {
                conv1: Conv2d(2, kernel = 1),
                Tanh,
                conv2: Conv2d(4, kernel = 3, padding = Same),
            },
        },
        Flatten,
        fc: Dense(6),
        Relu,
        blocks: Repeat(2) {
            fc: Dense(6),
            Tanh,
        },
        logits: Dense(4),
    }
}
