//! Numbers of four and of eight bytes in one struct.

use nn_core::prelude::*;

#[derive(Plain)]
#[repr(C)]
struct Mixed {
    weight: [f32; 3],
    scale: f64,
    counts: [[u64; 2]; 2],
}

fn main() {}
