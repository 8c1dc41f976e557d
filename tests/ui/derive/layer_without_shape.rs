//! A layer of one's own whose input has no shape, and which saves what is not plain.

use nn_core::prelude::*;

#[derive(Plain)]
#[repr(C)]
struct Scale {
    weight: [f32; 3],
}

impl SampleLayer for Scale {
    type Input = Vec<f32>;
    type Output = [f32; 3];
    type Kind = Real;
    type Saved = Option<f32>;

    fn infer(&self, _: &Vec<f32>, _: &mut [f32; 3]) {}

    fn backward(&self, _: &Vec<f32>, _: &[f32; 3], _: &Option<f32>, _: &[f32; 3], _: &mut Vec<f32>, _: &mut Self) {}
}

fn main() {}
