//! Both budgets are exceeded, by layers in blocks and in another network; both are told in one build.
use nn_core::prelude::*;

const SMALL: usize = 2;

network! {
    struct Encoder: [4, 8, 8] -> [8] {
        conv: Conv2d(8, kernel = 3),
        Relu,
        GlobalAvgPool,
    }
}

network! {
    #[budget(flash = SMALL KiB, ram = 2 * SMALL)]
    struct Net: [1, 8, 8] -> [3] {
        conv1: Conv2d(4, kernel = 3, padding = Same),
        block: Residual { main: { conv: Conv2d(4, kernel = 3, padding = Same), norm: BatchNorm, Relu } },
        encoder: Encoder -> [8],
        blocks: Repeat(9) { fc: Dense(8), Relu },
        out: Dense(3),
    }
}

fn main() {
    println!("{}", Net::FLASH_BYTES + Net::INFERENCE_RAM);
}
