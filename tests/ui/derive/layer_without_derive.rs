//! A layer of one's own whose parameters nobody describes.

use nn_core::prelude::*;

struct Scale {
    weight: [f32; 3],
}

impl SampleLayer for Scale {
    type Input = [f32; 3];
    type Output = [f32; 3];
    type Kind = Real;
    type Saved = ();

    fn infer(&self, x: &[f32; 3], y: &mut [f32; 3]) {
        for i in 0..3 {
            y[i] = self.weight[i] * x[i];
        }
    }

    fn backward(&self, x: &[f32; 3], _: &[f32; 3], (): &(), dy: &[f32; 3], dx: &mut [f32; 3], gradient: &mut Self) {
        for i in 0..3 {
            gradient.weight[i] += dy[i] * x[i];
            dx[i] = dy[i] * self.weight[i];
        }
    }
}

fn main() {}
