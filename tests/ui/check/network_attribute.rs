//! Attributes that networks do not have, or not yet.
use nn_core::prelude::*;

network! {
    #[derive(Clone)]
    #[repr(C)]
    #[init(HeNormal)]
    #[scalr(f64)]
    #[budget(flash = 64 KiB, ram = 16KiB)]
    struct Net: [4] -> [2] {
        fc: Dense(2),
    }
}

network! {
    #[scalar(f16)]
    struct Half: [4] -> [2] {
        fc: Dense(2),
    }
}

network! {
    #[scalar]
    struct Unsaid: [4] -> [2] {
        fc: Dense(2),
    }
}

fn main() {}
