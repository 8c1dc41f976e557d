//! Inference layer by layer has the bits of inference at once.

use nn_core::prelude::*;
use nn_core::random::Stream;

use crate::{Dots, Everything, Nested, draw};

network! { struct OnlyActivations: [4] -> [4] { Tanh, Relu } }
network! { struct Nothing: [4] -> [2, 2] { out: Reshaped -> [4], back: Back -> [2, 2] } }
network! { struct Reshaped: [4] -> [4] { Identity } }
network! { #[scalar(f32)] struct Back: [4] -> [2, 2] { fc: Unflatten -> [2, 2] } }
network! { struct Known: [3] -> [3] { a: Dense(4), Gelu, Gelu, Residual { main: { b: Dense(4), Silu } }, Tanh, c: Dense(3), Softmax } }
network! { struct Image: [1, 8, 8] -> [4] {
    Dropout(0.5), a: Conv2d(3, kernel = 3), Relu, Concat { l: { MaxPool2d(2) }, r: { b: Conv2d(2, kernel = 2, stride = 2), Gelu } }, Flatten, c: Dense(4), LogSoftmax
} }
network! { struct Mlp<const H: usize>: [5] -> [2] { a: Dense(H), Silu, b: Dense(H), Gelu, c: Dense(2) } }

#[derive(Plain)]
#[repr(C)]
struct Unflatten;

impl SampleLayer for Unflatten {
    type Input = [f32; 4];
    type Output = [[f32; 2]; 2];
    type Kind = Real;
    type Saved = ();
    fn infer(&self, x: &[f32; 4], y: &mut [[f32; 2]; 2]) {
        y.as_flattened_mut().copy_from_slice(x);
    }
    fn backward(&self, _: &[f32; 4], _: &[[f32; 2]; 2], (): &(), dy: &[[f32; 2]; 2], dx: &mut [f32; 4], _: &mut Self) {
        dx.copy_from_slice(dy.as_flattened());
    }
}

fn check<N: Network>(steps: usize)
where
    N::Output: PartialEq + std::fmt::Debug,
{
    assert_eq!(N::STEPS, steps, "{}", N::NAME);
    let mut random = Stream::new(&[11]);
    let net = N::new_boxed(12);
    let mut workspace = N::Workspace::NEW;
    for kernels in [Kernels::Portable, Kernels::detect()] {
        for _ in 0..5 {
            let x = draw(&mut random);
            let mut y = Plain::ZEROED;
            let mut run = net.stepwise(&x, &mut y, &mut workspace).kernels(kernels);
            let mut polled = 0;
            while run.advance() {
                assert!(run.output().is_none());
                polled += 1;
            }
            assert_eq!(polled, steps - 1);
            assert!(!run.advance());
            assert_eq!(run.output(), Some(&net.predict_with(kernels, &x)), "{}", N::NAME);
        }
    }
}

#[test]
fn layer_by_layer_is_all_at_once() {
    check::<Dots>(2);
    check::<Everything>(8);
    check::<Nested>(3);
    check::<OnlyActivations>(1);
    check::<Nothing>(2);
    check::<Known>(3);
    check::<Image>(4);
    check::<Mlp<7>>(3);
}
