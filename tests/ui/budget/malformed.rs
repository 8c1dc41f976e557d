//! Budgets that say no number of bytes.
use nn_core::prelude::*;

network! {
    #[budget]
    struct Nothing: [4] -> [2] { fc: Dense(2) }
}

network! {
    #[budget(flash = 64 kib, ram = 2 GB)]
    struct Units: [4] -> [2] { fc: Dense(2) }
}

network! {
    #[budget(rom = 64 KiB, flash 64 KiB, ram =)]
    struct Words: [4] -> [2] { fc: Dense(2) }
}

network! {
    #[budget(flash = 1.5 KiB, ram = "16 KiB")]
    struct Numbers: [4] -> [2] { fc: Dense(2) }
}

network! {
    #[budget(flash = 1 KiB, flash = 2 KiB, 3 KiB)]
    struct Twice: [4] -> [2] { fc: Dense(2) }
}

network! {
    #[budget(flash = -1, ram = 18446744073709551615 KiB)]
    struct Extreme: [4] -> [2] { fc: Dense(2) }
}

fn main() {
    let _ = (Nothing::FLASH_BYTES, Units::FLASH_BYTES, Words::INFERENCE_RAM, Numbers::zeros(), Twice::zeros(), Extreme::zeros());
}
