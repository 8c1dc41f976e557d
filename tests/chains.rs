//! Dense layers one behind the other in use: whatever kernels run them, in batches of every size, they give what the portable ones give for
//! each sample.
#![allow(missing_docs, clippy::unnecessary_box_returns, reason = "networks lie on the heap")]

use nn_core::prelude::*;
use nn_core::random::Stream;
use nn_core::spec::Role;
use nn_core::{Heap, Kernels, Plain, Scratch, Simd, Task, Tensor, dispatch, plain};

/// `y = w x`, by hand.
#[derive(Plain)]
#[repr(C)]
struct Scaled {
    weight: [f32; 1],
}

impl SampleLayer for Scaled {
    type Input = [f32; 21];
    type Output = [f32; 21];
    type Kind = nn_core::Real;
    type Saved = ();

    fn infer(&self, x: &[f32; 21], y: &mut [f32; 21]) {
        // Numbers that stand elsewhere would be another sample's.
        *y = std::array::from_fn(|i| self.weight[0] * x[i] + x[20 - i]);
    }

    fn backward(&self, _: &[f32; 21], _: &[f32; 21], (): &(), _: &[f32; 21], _: &mut [f32; 21], _: &mut Self) {}
}

const HIDDEN: usize = 19;
static BODY: Plainest = Plainest::zeros();

network! { struct Plainest: [56] -> [21] { a: Dense(100), Relu, b: Dense(100), Relu, c: Dense(100), Relu, d: Dense(21) } }
network! { struct Regression: [33] -> [1] { a: Dense(50), Relu, b: Dense(1) } }
network! { struct EndsWithRelu: [9] -> [70] { a: Dense(37), b: Dense(70), Relu } }
network! { struct Filled: [64] -> [10] { a: Dense(32), Relu, b: Dense(10), Softmax } }
network! {
    struct Activations: [20] -> [5] {
        a: Dense(17, bias = false), Tanh, b: Dense(23), Gelu, LeakyRelu(0.1), c: Dense(40), Dropout(0.5), Silu, d: Dense(13), Dropout(0.2), e: Dense(29),
        Identity, f: Dense(5, bias = false), LogSoftmax,
    }
}
network! { struct Rows: [20] -> [21] { a: Dense(27), Softmax, b: Dense(27), norm: LayerNorm, Relu, c: Dense(27), LogSoftmax, Tanh, d: Dense(21) } }
network! {
    struct ReadTwice: [20] -> [21] {
        a: Dense(25), Relu, block: Residual { main: { b: Dense(25), Relu, c: Dense(25) } }, Relu, d: Dense(25),
        Residual { main: { Relu, e: Dense(27), Tanh, f: Dense(25) } }, g: Dense(17), Concat { h: { h: Dense(9) }, i: { i: Dense(3), Relu }, j: { Relu } },
        k: Dense(21),
    }
}
network! { struct Repeated: [20] -> [21] { a: Dense(25), Relu, blocks: Repeat(3) { b: Dense(25), Relu, c: Dense(25) }, d: Dense(25), e: Dense(21) } }
network! {
    struct Others: [21] -> [21] { a: Dense(25), Relu, b: Dense(21), Relu, own: Scaled -> [21], Relu, c: Dense(56), d: Dense(56), body: &Body(BODY) -> [21], Relu, e: Dense(26), inner: Inner -> [21] }
}
network! { struct Inner: [26] -> [21] { a: Dense(25), Relu, b: Dense(21) } }
type Body = Plainest;
network! { struct Constants: [HIDDEN] -> [21] { a: Dense(2 * HIDDEN + 1), Relu, b: Dense(HIDDEN), Tanh, c: Dense(21) } }
network! { struct Generic<const H: usize>: [20] -> [21] { a: Dense(H), Relu, b: Dense(H), Tanh, c: Dense(H), Relu, d: Dense(21) } }
network! { struct Frozen: [20] -> [21] { #[frozen] a: Dense(25), Relu, #[frozen] b: Dense(25), Relu, c: Dense(21) } }
network! { struct Normed: [20] -> [21] { a: Dense(25), Relu, b: Dense(26), bn: BatchNorm, Relu, c: Dense(27), Relu, d: Dense(21), last: BatchNorm } }
network! { struct Images: [2, 4, 5] -> [21] { Flatten, a: Dense(25), Relu, b: Dense(21) } }
network! { #[optimize(size)] struct Small: [20] -> [21] { a: Dense(25), Relu, b: Dense(26), Relu, c: Dense(21) } }
network! { #[scalar(f64)] struct Double: [20] -> [21] { a: Dense(25), Relu, b: Dense(26), Relu, c: Dense(21) } }

struct Infer<'a, N: Network> {
    net: &'a N,
    x: &'a [N::Input],
    y: &'a mut [N::Output],
    workspace: &'a mut N::Workspace<Heap>,
}

impl<N: Network> Task for Infer<'_, N> {
    type Output = ();
    fn run<S: Simd>(self, s: S) {
        self.net.infer::<S, Heap>(s, self.x, self.y, self.workspace);
    }
}

fn fill<T: Scalar>(values: &mut [T], random: &mut Stream) {
    for value in values {
        *value = T::from_f64(2.0 * random.unit() - 1.0);
    }
}

/// A network with biases too; weights stay so small that no layer's outputs grow.
fn random<N: Network>(random: &mut Stream) -> Box<N> {
    let mut net = N::new_boxed(7);
    let mut biases = vec![];
    N::SPEC.visit(|leaf| {
        if leaf.role == Role::Parameter && leaf.shape.sizes().len() == 1 {
            biases.push((leaf.offset, leaf.shape.len()));
        }
    });
    for (offset, len) in biases {
        fill::<N::Scalar>(plain::part_mut(&mut *net, offset, len).unwrap(), random);
    }
    net
}

fn check<N: Network>() {
    let mut stream = Stream::new(&[11]);
    let net = random::<N>(&mut stream);
    let mut x = plain::vec::<N::Input>(300);
    fill(N::Input::flatten_mut(&mut x), &mut stream);
    let mut expected = plain::vec::<N::Output>(x.len());
    for (x, y) in x.iter().zip(&mut expected) {
        *y = net.predict_with(Kernels::Portable, x);
    }
    let equal = |y: &[N::Output], what: &str| {
        for (i, (y, expected)) in N::Output::flatten(y).iter().zip(N::Output::flatten(&expected)).enumerate() {
            let (y, expected) = (y.to_f64(), expected.to_f64());
            assert!((y - expected).abs() < 2e-5 * expected.abs().max(1.0), "{}, {what}, number {i}: {y} for {expected}", N::NAME);
        }
    };
    for kernels in Kernels::all() {
        // The memory of a larger batch serves a smaller one.
        let mut workspace = N::Workspace::<Heap>::new();
        for n in [300, 257, 256, 63, 33, 32, 31, 8, 1, 0] {
            let mut y = plain::vec(n);
            dispatch(kernels, Infer { net: &*net, x: &x[..n], y: &mut y, workspace: &mut workspace });
            equal(&y, &format!("{n} samples by {}", kernels.name()));
        }
    }
    for n in [0, 1, 31, 32, 33, 63, 256, 257, 300] {
        let mut y = plain::vec(n);
        net.predict_batch(&x[..n], &mut y).unwrap();
        equal(&y, &format!("a batch of {n}"));
    }
    let (mut forth, mut back) = (plain::vec(96), plain::vec(96));
    net.predict_batch(&x[..96], &mut forth).unwrap();
    x[..96].reverse();
    net.predict_batch(&x[..96], &mut back).unwrap();
    back.reverse();
    let bits = |y: &[N::Output]| N::Output::flatten(y).iter().map(|y| y.to_f64().to_bits()).collect::<Vec<_>>();
    assert!(bits(&forth) == bits(&back), "{}: a sample's bits do not depend on where it stands in a batch", N::NAME);
}

#[test]
fn plain_chains() {
    check::<Plainest>();
    check::<Regression>();
    check::<EndsWithRelu>();
    check::<Filled>();
}

#[test]
fn what_stands_between() {
    check::<Activations>();
    check::<Rows>();
    check::<Others>();
    check::<Images>();
}

#[test]
fn blocks() {
    check::<ReadTwice>();
    check::<Repeated>();
}

#[test]
fn sizes_that_only_the_compiler_knows() {
    check::<Constants>();
    check::<Generic<25>>();
}

#[test]
fn other_kinds_of_networks() {
    check::<Frozen>();
    check::<Normed>();
    check::<NormedFolded>();
    check::<Small>();
    check::<Double>();
}
