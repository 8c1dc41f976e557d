//! Training without a heap: steps in place against steps by gradient, accumulated gradients against those of the training loop, and the
//! memory that both are said to need.

mod memory;
mod state;
mod steps;
mod stepwise;

use nn_core::prelude::*;
use nn_core::random::Stream;
use nn_core::spec::Role;
use nn_core::{Tensor, plain};

network! {
    struct Dots: [64] -> [10] {
        fc1: Dense(32),
        Relu,
        fc2: Dense(10),
    }
}

network! {
    /// Everything that the plan treats in its own way.
    struct Everything: [2, 6, 6] -> [4] {
        conv: Conv2d(3, kernel = 3, padding = Same),
        Relu,
        MaxPool2d(2),
        block: Residual { main: { inner: Conv2d(3, kernel = 3, padding = Same), Tanh }, skip: { conv: DepthwiseConv2d(kernel = 1) } },
        both: Concat { a: { fc: Conv2d(1, kernel = 1) }, b: { AvgPool2d(3, stride = 1, padding = 1) } },
        Flatten,
        Dropout(0.25),
        #[frozen]
        still: Dense(8, bias = false),
        Gelu,
        deep: Repeat(2) { norm: LayerNorm, fc: Dense(8), Silu },
        own: Scale<8> -> [8],
        nested: Nested -> [4],
    }
}

network! {
    struct Nested: [8] -> [4] {
        fc1: Dense(6),
        Sigmoid,
        #[frozen]
        fc2: Dense(5),
        fc3: Dense(4),
    }
}

/// `y[i] = w[i] x[i]`, and a number that is not learned.
#[derive(Plain)]
#[repr(C)]
struct Scale<const N: usize> {
    weight: [f32; N],
    #[plain(state)]
    kept: f32,
}

impl<const N: usize> SampleLayer for Scale<N> {
    type Input = [f32; N];
    type Output = [f32; N];
    type Kind = Real;
    type Saved = ();
    fn infer(&self, x: &[f32; N], y: &mut [f32; N]) {
        for i in 0..N {
            y[i] = self.weight[i] * x[i];
        }
    }
    fn backward(&self, x: &[f32; N], _: &[f32; N], (): &(), dy: &[f32; N], dx: &mut [f32; N], gradient: &mut Self) {
        gradient.kept += 1.0;
        for i in 0..N {
            gradient.weight[i] += dy[i] * x[i];
            dx[i] = dy[i] * self.weight[i];
        }
    }
    fn initialize(&mut self, random: &mut Stream) {
        for w in &mut self.weight {
            *w = f32::from_f64(random.uniform(0.5, 1.5));
        }
        self.kept = 7.0;
    }
}

/// A sample.
fn draw<X: Tensor>(random: &mut Stream) -> X {
    let mut x = X::ZEROED;
    for x in x.flat_mut() {
        *x = X::Scalar::from_f64(random.uniform(-1.0, 1.0));
    }
    x
}

/// Every learned number, or its gradient.
fn learned<N: Network<Scalar = f32>>(net: &N) -> Vec<f32> {
    let mut all = vec![];
    N::SPEC.visit(|leaf| {
        if leaf.role == Role::Parameter && leaf.gradient.is_some() {
            all.extend_from_slice(plain::part(net, leaf.offset, leaf.shape.len()).expect("inside the network"));
        }
    });
    all
}

/// As [`learned`].
fn gradients<N: Network<Scalar = f32>>(gradient: &N::Gradient) -> Vec<f32> {
    let mut all = vec![];
    N::SPEC.visit(|leaf| {
        if let (Role::Parameter, Some(place)) = (leaf.role, leaf.gradient) {
            all.extend_from_slice(plain::part(gradient, place, leaf.shape.len()).expect("inside the gradient"));
        }
    });
    all
}

/// What no step may change: frozen parameters and state.
fn kept<N: Network<Scalar = f32>>(net: &N) -> Vec<f32> {
    let mut all = vec![];
    N::SPEC.visit(|leaf| {
        if leaf.role == Role::State || leaf.gradient.is_none() {
            all.extend_from_slice(plain::part::<N, f32>(net, leaf.offset, leaf.shape.len()).expect("inside the network"));
        }
    });
    all
}
