//! The networks of the measured programs, declared once; the feature `size` asks for small code in place of fast code.

/// The body of [`Head`], out of the file of the whole network.
pub static BODY: Body = {
    const WHOLE: Mlp = Mlp::from_safetensors(include_bytes!("../weights/mlp.safetensors"));
    Body { fc1: WHOLE.fc1 }
};

macro_rules! declare {
    ($policy:ident) => {
        nn_core::network! {
            /// A vector of 64 numbers to the logits of ten classes.
            #[optimize($policy)]
            pub struct Mlp: [64] -> [10] {
                fc1: Dense(32),
                Relu,
                logits: Dense(10),
            }
        }

        nn_core::network! {
            /// Its first layer.
            #[optimize($policy)]
            pub struct Body: [64] -> [32] {
                fc1: Dense(32),
                Relu,
            }
        }

        nn_core::network! {
            /// The same network, of which the body stays in flash and only the head learns.
            #[optimize($policy)]
            pub struct Head: [64] -> [10] {
                body: &Body(BODY) -> [32],
                logits: Dense(10),
            }
        }

        nn_core::network! {
            /// The same to probabilities.
            #[optimize($policy)]
            pub struct MlpWithSoftmax: [64] -> [10] {
                fc1: Dense(32),
                Relu,
                logits: Dense(10),
                Softmax,
            }
        }

        nn_core::network! {
            /// The sine of a number from −π to π.
            #[optimize($policy)]
            pub struct Sine: [1] -> [1] {
                fc1: Dense(16),
                Relu,
                fc2: Dense(16),
                Relu,
                fc3: Dense(1),
            }
        }

        nn_core::network! {
            /// LeNet-5 for 28 × 28 grey-scale digits.
            #[optimize($policy)]
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

        nn_core::network! {
            /// Handwritten digits of 8 × 8 pixels from 0 to 1.
            #[optimize($policy)]
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
    };
}

#[cfg(feature = "size")]
declare!(size);
#[cfg(not(feature = "size"))]
declare!(speed);
