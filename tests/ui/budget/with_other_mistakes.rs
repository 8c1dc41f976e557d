//! A budget is not judged while a shape is wrong, but its own mistakes are told with the others.
use nn_core::prelude::*;

network! {
    #[budget(flash = 1 B, ram = 1 KiBi)]
    struct Net: [4, 4] -> [2] {
        fc1: Dense(8),
        Rellu,
        fc2: Dense(2),
    }
}

fn main() {
    println!("{}", Net::FLASH_BYTES);
}
