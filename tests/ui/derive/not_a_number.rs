//! Fields that are no numbers, in several structs at once.

use nn_core::prelude::*;

#[derive(Plain)]
#[repr(C)]
struct Named {
    weight: [f32; 3],
    name: String,
    active: bool,
}

#[derive(Plain)]
#[repr(C)]
struct Growing {
    weight: Vec<f32>,
}

fn main() {}
