//! The size of a network with const parameters is not known where it is declared.
use nn_core::prelude::*;

network! {
    #[budget(flash = 64 KiB)]
    struct Mlp<const H: usize>: [4] -> [2] {
        fc1: Dense(H),
        Relu,
        fc2: Dense(2),
    }
}

fn main() {
    println!("{}", Mlp::<3>::FLASH_BYTES);
}
