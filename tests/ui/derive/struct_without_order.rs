//! Without `#[repr(C)]` the compiler orders the fields as it likes; what uses the struct is not reported too.

use nn_core::prelude::*;

#[derive(Plain)]
struct Scale {
    weight: [f32; 3],
}

fn main() {
    let scale = Scale::ZEROED;
    println!("{:?}", scale.weight);
}
