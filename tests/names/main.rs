//! Every word of generated code as every kind of name: it must compile, train a step and predict.
#![allow(missing_docs, non_camel_case_types, non_snake_case, non_upper_case_globals, reason = "names of every form")]
#![allow(clippy::pedantic, clippy::style, clippy::complexity, reason = "of names and of what they begin with")]

use nn_core::prelude::*;
use nn_core::{Heap, Pass, Portable, Scratch, Tensor, plain};

/// `y = w x`.
#[derive(Plain)]
#[repr(C)]
pub struct Scale {
    pub weight: [f32; 2],
}

impl SampleLayer for Scale {
    type Input = [f32; 2];
    type Output = [f32; 2];
    type Kind = Real;
    type Saved = ();

    fn infer(&self, x: &Self::Input, y: &mut Self::Output) {
        for i in 0..2 {
            y[i] = self.weight[i] * x[i];
        }
    }

    fn backward(&self, x: &Self::Input, _: &Self::Output, (): &(), dy: &Self::Output, dx: &mut Self::Input, gradient: &mut Self) {
        for i in 0..2 {
            gradient.weight[i] += dy[i] * x[i];
            dx[i] = dy[i] * self.weight[i];
        }
    }
}

network! { pub struct Inner: [2] -> [2] { norm: BatchNorm, fc: Dense(2), Tanh } }

/// One step by the portable loops, and a prediction.
fn works<N: Network<Scalar = f32>>() {
    let net = N::new_boxed(1);
    let (mut x, mut y, mut dy) = (plain::vec::<N::Input>(2), plain::vec::<N::Output>(2), plain::vec::<N::Output>(2));
    for (i, x) in N::Input::flatten_mut(&mut x).iter_mut().enumerate() {
        *x = if i % 3 == 0 { 1.0 } else { 0.5 };
    }
    N::Output::flatten_mut(&mut dy).fill(1.0);
    let (mut tape, mut gradient, pass) = (N::Tape::<Heap>::new(), plain::boxed::<N::Gradient>(), Pass::new(0, 1));
    net.forward::<_, Heap>(Portable, pass, &x, &mut y, &mut tape);
    net.backward::<_, Heap>(Portable, pass, &x, &y, &mut dy, None, &mut tape, Some(&mut gradient));
    net.infer::<_, Heap>(Portable, &x, &mut y, &mut N::Workspace::<Heap>::new());
    assert!(N::Output::flatten(&y).iter().all(|y| y.is_finite()), "{}", N::NAME);
}

static INNER: Inner = Inner::zeros();

/// Networks in which each of the words is the name of every kind of layer, block and branch, in blocks within blocks too.
macro_rules! part {
    ($test:ident: $($word:ident)*) => {
        #[test]
        fn $test() {
            network! { pub struct Layers: [2] -> [2] { $($word: Dense(2), Tanh,)* } }
            network! { pub struct Norms: [2] -> [2] { $($word: BatchNorm, Gelu,)* } }
            network! { pub struct Steps: [3, 2] -> [3, 2] { $($word: Gru(2),)* } }
            network! { pub struct Nested: [2] -> [2] { $($word: Inner -> [2],)* } }
            network! { pub struct Owns: [2] -> [2] { $($word: Scale -> [2], Relu,)* } }
            network! { pub struct Statics: [2] -> [2] { $($word: &Inner(INNER) -> [2],)* fc: Dense(2) } }
            network! { pub struct Repeats: [2] -> [2] { $($word: Repeat(2) { $word: BatchNorm, Silu },)* } }
            network! { pub struct Blocks: [2] -> [2] { $($word: Residual { main: { $word: Repeat(1) { $word: LayerNorm } }, skip: { $word: BatchNorm } },)* } }
            network! { pub struct Branches: [2] -> [2] { Concat { $($word: { $word: BatchNorm },)* }, fc: Dense(2) } }
            network! {
                pub struct Generic<const N: usize>: [N] -> [2] {
                    block: Residual { main: { $($word: BatchNorm, Relu,)* } }, Residual { main: { nn: Dense(N) } }, nn_out: Dense(2),
                }
            }
            // The whole network is used, so that nothing of it is left out.
            works::<Layers>();
            works::<Norms>();
            works::<Steps>();
            works::<Nested>();
            works::<Owns>();
            works::<Statics>();
            works::<Repeats>();
            works::<Blocks>();
            works::<Branches>();
            works::<Generic<2>>();
            $({
                network! { pub struct $word: [2] -> [2] { norm: BatchNorm, Residual { main: { inner: Dense(2) } }, Relu, Dropout(0.1), gru: Inner -> [2] } }
                works::<$word>();
            })*
        }
    };
}

include!("words.rs");
