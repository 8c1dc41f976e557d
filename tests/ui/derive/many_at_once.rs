//! What is no struct, padding, and unknown options.

use nn_core::prelude::*;

#[derive(Plain)]
#[repr(u8)]
enum Mode {
    On,
    Off,
}

#[derive(Plain)]
#[repr(C, align(16))]
struct Padded {
    weight: [f32; 3],
}

#[derive(Plain)]
#[repr(C)]
#[plain(krate = nn_core)]
struct Renamed {
    #[plain(sate)]
    weight: [f32; 3],
}

fn main() {}
