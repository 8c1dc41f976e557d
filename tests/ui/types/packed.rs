//! A layer of one's own whose parameters are of another size than the network's numbers: bytes would lie between the fields.
use nn_core::prelude::*;
use nn_core::{Real, SampleLayer, plain};

#[derive(Plain)]
#[repr(C)]
struct Scale {
    weight: [f64; 1],
}

impl SampleLayer for Scale {
    type Input = [f32; 3];
    type Output = [f32; 3];
    type Kind = Real;
    type Saved = ();

    fn infer(&self, x: &[f32; 3], y: &mut [f32; 3]) {
        *y = x.map(|x| x * self.weight[0] as f32);
    }

    fn backward(&self, _: &[f32; 3], _: &[f32; 3], (): &(), _: &[f32; 3], _: &mut [f32; 3], _: &mut Self) {}
}

network! {
    struct Known: [3] -> [3] {
        fc: Dense(3, bias = false),
        own: Scale -> [3],
    }
}

network! {
    struct Open<const N: usize>: [N] -> [3] {
        fc: Dense(3, bias = false),
        own: Scale -> [3],
    }
}

network! {
    struct Around: [3] -> [3] {
        inner: Open<3> -> [3],
    }
}

const BYTES: usize = plain::bytes(&Open::<3> { fc: Plain::ZEROED, own: Plain::ZEROED }).len();

fn main() {
    println!("{BYTES}");
}
