//! A layer of one's own: an activation with a frequency that is learned.
//!
//! Snake, `y = x + sin²(a x) / a` with one `a` a feature (Ziyin, Hartwig, Ueda, "Neural Networks Fail to Learn Periodic Functions and How to Fix
//! It", 2020), lets a network go on with a rhythm beyond the data, where ReLUs go on straight.
use nn_core::layer::SampleLayer;
use nn_core::prelude::*;
use nn_core::random::Stream;

/// `y[i] = x[i] + sin²(a[i] x[i]) / a[i]`.
#[derive(Plain)]
#[repr(C)]
struct Snake<const N: usize> {
    frequency: [f32; N],
}

impl<const N: usize> SampleLayer for Snake<N> {
    type Scalar = f32;
    type Input = [f32; N];
    type Output = [f32; N];
    type Kind = Real;
    type Saved = ();
    const MACS: usize = 2 * N;

    fn infer(&self, x: &[f32; N], y: &mut [f32; N]) {
        for i in 0..N {
            let a = self.frequency[i];
            y[i] = x[i] + Scalar::sin(a * x[i]) * Scalar::sin(a * x[i]) / a;
        }
    }

    fn backward(&self, x: &[f32; N], _y: &[f32; N], (): &(), dy: &[f32; N], dx: &mut [f32; N], gradient: &mut Self) {
        for i in 0..N {
            let a = self.frequency[i];
            let (sin, sin_2) = (Scalar::sin(a * x[i]), Scalar::sin(2.0 * a * x[i]));
            dx[i] = dy[i] * (1.0 + sin_2);
            gradient.frequency[i] += dy[i] * (x[i] * sin_2 - sin * sin / a) / a;
        }
    }

    fn initialize(&mut self, random: &mut Stream) {
        for a in &mut self.frequency {
            *a = 1.0 + 4.0 * random.unit() as f32;
        }
    }
}

network! {
    struct WithSnake: [1] -> [1] {
        fc1: Dense(32),
        snake: Snake<32> -> [32],
        fc2: Dense(1),
    }
}

network! {
    struct WithRelu: [1] -> [1] {
        fc1: Dense(32),
        Relu,
        fc2: Dense(1),
    }
}
