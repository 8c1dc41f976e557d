//! Mistakes deep in blocks.
use nn_core::prelude::*;

network! {
    struct Net: [4, 8, 8] -> [10] {
        stem: Conv2d(8, kernel = 3, padding = Same),
        stage: Repeat(2) {
            block: Residual {
                main: {
                    a: Conv2d(8, kernel = 3, padding = Same),
                    Relu,
                    b: Conv2d(8, kernel = 9),
                },
            },
        },
        Concat {
            left: { conv: Conv2d(4, kernel = 1), inner: Residual { main: { conv: Conv2d(5, kernel = 1) } } },
            right: { conv: Conv2d(4, kernel = 1), norm: BatchNrm },
        },
        GlobalAvgPool,
        fc: Dense(9),
    }
}

fn main() {}
