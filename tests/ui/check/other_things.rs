//! Words of other libraries for what is not here, each close to a word for another thing or for the opposite.
use nn_core::prelude::*;

network! {
    struct Shapes: [1, 12, 12] -> [2] {
        Unflatten,
        GlobalMaxPool,
        AdaptiveAvgPool2d(1),
        MaxUnpool2d(2),
        MaxPool3d(2),
        Upsample,
        ZeroPad2d(1),
        fc: Dense(2),
    }
}

network! {
    struct Activations: [4] -> [4] {
        PRelu,
        PReLU,
        RReLU,
        CELU,
        GLU,
        Softmin,
        Softmax2d,
        LogSigmoid,
        Threshold(0.1),
        HardTanh,
    }
}

network! {
    struct Layers: [1, 12, 12] -> [2] {
        a: SeparableConv2d(4, kernel = 3),
        b: Conv2dTranspose(4, kernel = 3),
        Dropout2d(0.5),
        AlphaDropout(0.5),
        c: InstanceNorm,
        d: GroupNorm(2),
        Add,
        Multiply,
        Sequential,
        e: Embedding(3),
        f: Bidirectional(3),
        g: Dense(2),
    }
}

fn main() {}
