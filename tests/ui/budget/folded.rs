//! A folded network: each layer is one row of the table, with the factor and the summand that are folded into it.
use nn_core::prelude::*;

network! {
    #[budget(flash = 1 KiB)]
    struct Net: [1, 12, 12] -> [5] {
        conv1: Conv2d(6, kernel = 3, bias = false),
        norm1: BatchNorm,
        Relu,
        MaxPool2d(2),
        block: Residual {
            main: {
                conv: Conv2d(6, kernel = 3, padding = 1),
                norm: BatchNorm,
            },
        },
        Flatten,
        fc: Dense(5),
    }
}

fn main() {
    println!("{}", NetFolded::FLASH_BYTES);
}
