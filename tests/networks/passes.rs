//! Gradients against central differences, batches against single samples, and what is frozen, stored and counted, for every kind of block.

use std::sync::atomic::{AtomicUsize, Ordering};

use nn_core::plain;
use nn_core::prelude::*;
use nn_core::random::Stream;
use nn_core::spec::Role;
use nn_core::{Heap, Kernels, One, Pass, Plain, Portable, Scratch, Tensor};

/// Everything that one forward and backward pass gives.
struct Passed<N: Network> {
    y: Vec<N::Output>,
    dx: Vec<N::Input>,
    gradient: Box<N::Gradient>,
}

const PASS: Pass<'static> = Pass::new(1, 2);

/// A batch on the heap.
fn pass<N: Network>(net: &N, x: &[N::Input], dy: &[N::Output], asks_dx: bool) -> Passed<N> {
    let n = x.len();
    let mut tape = N::Tape::<Heap>::new();
    let (mut y, mut dx, mut gradient) = (plain::vec(n), plain::vec::<N::Input>(n), plain::boxed::<N::Gradient>());
    net.forward::<Portable, Heap>(Portable, PASS, x, &mut y, &mut tape);
    let mut d = plain::vec::<N::Output>(n);
    N::Output::flatten_mut(&mut d).copy_from_slice(N::Output::flatten(dy));
    let asked = asks_dx.then_some(&mut dx[..]);
    net.backward::<Portable, Heap>(Portable, PASS, x, &y, &mut d, asked, &mut tape, Some(&mut gradient));
    Passed { y, dx, gradient }
}

/// `Σ dy y`: the scalar whose gradient `backward` gives.
fn score<N: Network<Scalar = f64>>(net: &N, x: &[N::Input], dy: &[N::Output]) -> f64 {
    let mut y = plain::vec(x.len());
    net.forward::<Portable, Heap>(Portable, PASS, x, &mut y, &mut N::Tape::new());
    N::Output::flatten(&y).iter().zip(N::Output::flatten(dy)).map(|(y, dy)| y * dy).sum()
}

fn fill(values: &mut [f64], random: &mut Stream) {
    for value in values {
        *value = random.unit() * 2.0 - 1.0;
    }
}

/// The tensors of a network: place, place of the gradient, count, whether learned.
fn leaves<N: Network>() -> Vec<(usize, Option<usize>, usize, Role)> {
    let mut leaves = vec![];
    N::SPEC.visit(|leaf| leaves.push((leaf.offset, leaf.gradient, leaf.shape.len(), leaf.role)));
    leaves
}

/// A network with random parameters, biases too, that are not so small as initial ones.
#[allow(clippy::unnecessary_box_returns, reason = "networks are made on the heap")]
fn random_net<N: Network<Scalar = f64>>(random: &mut Stream) -> Box<N> {
    let mut net = N::new_boxed(1);
    for (offset, _, len, role) in leaves::<N>() {
        if role == Role::Parameter {
            fill(plain::part_mut(&mut *net, offset, len).unwrap(), random);
        }
    }
    net
}

fn assert_close(computed: &[f64], slopes: &[f64], what: &str) {
    let largest = slopes.iter().fold(0.0_f64, |largest, slope| largest.max(slope.abs()));
    assert!(largest > 0.0, "{what}: all slopes are zero");
    for (i, (computed, slope)) in computed.iter().zip(slopes).enumerate() {
        let gap = (computed - slope).abs() / slope.abs().max(1e-3 * largest);
        assert!(gap < 1e-6, "{what}[{i}]: computed {computed}, by central differences {slope}");
    }
}

/// Every stored gradient and `dx` against central differences; batches against single samples; `None` for `dx` changes nothing else.
fn check<N: Network<Scalar = f64>>(samples: usize) {
    const H: f64 = 1e-5;
    let random = &mut Stream::new(&[7, N::PARAMETERS as u64]);
    let mut net = random_net::<N>(random);
    let (mut x, mut dy) = (plain::vec::<N::Input>(samples), plain::vec::<N::Output>(samples));
    fill(N::Input::flatten_mut(&mut x), random);
    fill(N::Output::flatten_mut(&mut dy), random);
    let passed = pass(&*net, &x, &dy, true);

    let numbers = N::Input::flatten(&x).len();
    let slopes: Vec<f64> = (0..numbers)
        .map(|i| {
            let at = N::Input::flatten(&x)[i];
            let mut moved = |to: f64| {
                N::Input::flatten_mut(&mut x)[i] = to;
                score(&*net, &x, &dy)
            };
            let slope = (moved(at + H) - moved(at - H)) / (2.0 * H);
            moved(at);
            slope
        })
        .collect();
    assert_close(N::Input::flatten(&passed.dx), &slopes, "dx");

    for (offset, gradient, len, _) in leaves::<N>() {
        let Some(gradient) = gradient else { continue };
        let computed: &[f64] = plain::part(&*passed.gradient, gradient, len).unwrap();
        let slopes: Vec<f64> = (0..len)
            .map(|i| {
                let at = plain::part::<N, f64>(&net, offset, len).unwrap()[i];
                let mut moved = |to: f64| {
                    plain::part_mut::<N, f64>(&mut net, offset, len).unwrap()[i] = to;
                    score(&*net, &x, &dy)
                };
                let slope = (moved(at + H) - moved(at - H)) / (2.0 * H);
                moved(at);
                slope
            })
            .collect();
        assert_close(computed, &slopes, &format!("gradient at {gradient}"));
    }

    let without = pass(&*net, &x, &dy, false);
    assert_eq!(plain::bytes(&*passed.gradient), plain::bytes(&*without.gradient), "the gradient without `dx`");
    assert!(N::Input::flatten(&without.dx).iter().all(|dx| *dx == 0.0), "`dx` is left alone");
}

/// A batch on the heap equals its samples one by one, bit for bit, in training and in use. For networks without dropout and batch statistics.
fn check_samples<N: Network<Scalar = f64>>() {
    let random = &mut Stream::new(&[8]);
    let net = random_net::<N>(random);
    let (mut x, mut dy) = (plain::vec::<N::Input>(5), plain::vec::<N::Output>(5));
    fill(N::Input::flatten_mut(&mut x), random);
    fill(N::Output::flatten_mut(&mut dy), random);
    let passed = pass(&*net, &x, &dy, true);
    let mut predicted = plain::vec::<N::Output>(5);
    net.predict_batch(&x, &mut predicted).unwrap();
    let mut inferred = plain::vec::<N::Output>(5);
    net.infer::<Portable, Heap>(Portable, &x, &mut inferred, &mut N::Workspace::new());
    let mut tape = N::Tape::<One>::new();
    let mut gradient = plain::boxed::<N::Gradient>();
    for i in 0..5 {
        let (mut y, mut dx) = ([N::Output::ZEROED], [N::Input::ZEROED]);
        let x = core::slice::from_ref(&x[i]);
        net.forward::<Portable, One>(Portable, PASS, x, &mut y, &mut tape);
        assert_eq!(y[0].flat(), passed.y[i].flat(), "y of sample {i}");
        assert_eq!(net.predict_with(Kernels::Portable, &x[0]).flat(), passed.y[i].flat(), "prediction for sample {i}");
        assert_eq!(inferred[i].flat(), passed.y[i].flat(), "prediction in a batch for sample {i}");
        // The machine's own instruction set may add in another order.
        for y in [&net.predict(&x[0]), &predicted[i]] {
            for (own, portable) in y.flat().iter().zip(passed.y[i].flat()) {
                assert!((own - portable).abs() <= 1e-12 * portable.abs().max(1.0), "{own} for sample {i}, {portable} by portable kernels");
            }
        }
        let mut d = [N::Output::ZEROED];
        d[0].flat_mut().copy_from_slice(dy[i].flat());
        net.backward::<Portable, One>(Portable, PASS, x, &y, &mut d, Some(&mut dx), &mut tape, Some(&mut gradient));
        assert_eq!(dx[0].flat(), passed.dx[i].flat(), "dx of sample {i}");
    }
    // The samples' gradients are added in another order by a batch's kernels, or in the same.
    for (_, at, len, _) in leaves::<N>() {
        let Some(at) = at else { continue };
        let (one, batch): (&[f64], &[f64]) = (plain::part(&*gradient, at, len).unwrap(), plain::part(&*passed.gradient, at, len).unwrap());
        for (one, batch) in one.iter().zip(batch) {
            assert!((one - batch).abs() <= 1e-12 * batch.abs().max(1.0), "{one} sample by sample, {batch} in a batch");
        }
    }
}

/// Declares a network of f64 and checks it.
macro_rules! networks {
    ($($test:ident: $(#[$attribute:meta])* $name:ident $input:tt -> $output:tt { $($body:tt)* })*) => {$(
        network! {
            #[scalar(f64)]
            $(#[$attribute])*
            pub struct $name: $input -> $output { $($body)* }
        }

        #[test]
        fn $test() {
            check::<$name>(3);
            check_samples::<$name>();
        }
    )*};
}

const HIDDEN: usize = 5;

networks! {
    chain: Chain [3] -> [2] { fc1: Dense(6), Tanh, fc2: Dense(5, bias = false), Sigmoid, fc3: Dense(2) }
    starts_with_an_activation: ActivationFirst [3] -> [2] { Tanh, fc: Dense(2) }
    starts_with_two_activations: ActivationsFirst [3] -> [2] { Silu, Tanh, fc: Dense(2) }
    activation_that_needs_its_input: KeepsInput [3] -> [2] { fc1: Dense(4), Gelu, fc2: Dense(2), Silu }
    activation_after_activation: Twice [3] -> [2] { fc1: Dense(4), Tanh, Sigmoid, Gelu, fc2: Dense(2), Tanh, Softplus }
    only_an_activation: OnlyActivation [3] -> [3] { Tanh }
    only_shapes: OnlyShapes [2, 3] -> [6] { Flatten }
    ends_with_flatten: EndsFlat [1, 4, 4] -> [8] { conv: Conv2d(2, kernel = 3), Flatten }
    ends_with_flatten_and_softmax: EndsSoft [1, 4, 4] -> [8] { conv: Conv2d(2, kernel = 3), Flatten, Softmax }
    starts_with_flatten: StartsFlat [2, 3] -> [2] { Flatten, Tanh, fc: Dense(2) }
    images: Images [2, 9, 9] -> [3] {
        conv1: Conv2d(3, kernel = 2), Tanh, MaxPool2d(2), conv2: Conv2d(4, kernel = 3), LeakyRelu, Flatten, fc1: Dense(5), Elu, fc2: Dense(3),
    }
    starts_with_a_pool: PoolFirst [1, 4, 4] -> [2] { AvgPool2d(2), MaxPool2d(2), Flatten, fc: Dense(2) }
    ends_with_a_pool: PoolLast [1, 5, 5] -> [2, 1, 1] { conv: Conv2d(2, kernel = 2), Tanh, AvgPool2d(2), MaxPool2d(2) }
    sequences: Sequences [2, 8] -> [3] { conv: Conv1d(3, kernel = 3, padding = Causal), Tanh, GlobalAvgPool, fc: Dense(3) }
    normalised: Normalised [4] -> [3] { fc1: Dense(5), norm: LayerNorm, Tanh, fc2: Dense(3) }

    residual_named: ResidualNamed [4] -> [3] { fc1: Dense(5), block: Residual { main: { a: Dense(5), Tanh, b: Dense(5) } }, Tanh, fc2: Dense(3) }
    residual_unnamed: ResidualUnnamed [4] -> [3] { fc1: Dense(5), Residual { main: { a: Dense(5), Tanh, b: Dense(5) } }, Tanh, fc2: Dense(3) }
    residual_first: ResidualFirst [4] -> [4] { Residual { main: { a: Dense(4), Tanh } } }
    residual_first_named: ResidualFirstNamed [4] -> [4] { block: Residual { main: { a: Dense(4), Tanh } } }
    residual_skip: ResidualSkip [4] -> [3] {
        block: Residual { main: { a: Dense(5), Tanh, b: Dense(3) }, skip: { c: Dense(3), Gelu } }, Tanh,
    }
    residual_skip_in_between: ResidualSkipBetween [4] -> [3] {
        fc: Dense(4), Gelu, block: Residual { main: { a: Dense(5), Tanh, b: Dense(3) }, skip: { c: Dense(3) } }, Gelu,
    }
    residual_skip_without_parameters: ResidualPlainSkip [4] -> [4] { Residual { main: { a: Dense(4) }, skip: { Tanh } } }
    residual_main_without_parameters: ResidualPlainMain [4] -> [2] { fc: Dense(3), Residual { main: { Tanh } }, fc2: Dense(2) }
    residual_main_without_parameters_first: ResidualPlainMainFirst [4] -> [4] { block: Residual { main: { Tanh }, skip: { a: Dense(4) } } }
    residual_pre_activation: PreActivation [4] -> [4] { fc: Dense(4), block: Residual { main: { Tanh, a: Dense(4), Silu, b: Dense(4) } } }
    residual_nested: ResidualNested [4] -> [4] {
        fc: Dense(4), outer: Residual { main: { inner: Residual { main: { a: Dense(4), Tanh } }, Tanh, Residual { main: { b: Dense(4) } } } },
    }
    residual_twice: ResidualTwice [4] -> [4] { Residual { main: { a: Dense(4) } }, Tanh, Residual { main: { b: Dense(4) } }, Tanh }
    residual_image: ResidualImage [2, 4, 4] -> [3] {
        block: Residual { main: { conv1: Conv2d(3, kernel = 3, padding = Same), Tanh, conv2: Conv2d(3, kernel = 1) }, skip: { conv: Conv2d(3, kernel = 1) } },
        Tanh, Flatten, fc: Dense(3),
    }

    concat_unnamed: ConcatUnnamed [4] -> [3] { fc: Dense(4), Concat { a: { fc: Dense(2), Tanh }, b: { fc: Dense(3) }, c: { Tanh } }, Tanh, out: Dense(3) }
    concat_named: ConcatNamed [4] -> [3] { both: Concat { a: { fc: Dense(2), Gelu }, b: { fc: Dense(3) } }, Tanh, out: Dense(3) }
    concat_image: ConcatImage [2, 4, 4] -> [5, 4, 4] { Concat { a: { conv: Conv2d(3, kernel = 3, padding = Same) }, b: { conv: Conv2d(2, kernel = 1), Tanh } } }
    concat_first_branch_plain: ConcatPlain [3] -> [5] { Concat { a: { Tanh }, b: { fc: Dense(2) } } }

    repeat: Repeated [4] -> [2] { fc1: Dense(5), Tanh, blocks: Repeat(3) { fc: Dense(5), Tanh }, fc2: Dense(2) }
    repeat_residual: RepeatedResidual [4] -> [4] { blocks: Repeat(2) { Residual { main: { a: Dense(4), Tanh, b: Dense(4) } }, Tanh }, Tanh }

    nested: Outer [4] -> [2] { fc: Dense(3), Tanh, inner: Chain -> [2], Tanh }
    nested_first: OuterFirst [4] -> [2] { inner: ResidualFirst -> [4], Gelu, fc: Dense(2) }

    dim_behind_constants: Constants [HIDDEN] -> [2] { fc1: Dense(2 * HIDDEN), Tanh, fc2: Dense(HIDDEN + 1), Gelu, fc3: Dense(HIDDEN), Tanh, fc4: Dense(2) }

    frozen_first: FrozenFirst [4] -> [2] { #[frozen] fc1: Dense(3), Tanh, #[frozen] fc2: Dense(3), Tanh, fc3: Dense(3), Tanh, fc4: Dense(2) }
    frozen_between: FrozenBetween [4] -> [2] { fc1: Dense(3), Tanh, #[frozen] fc2: Dense(3), Tanh, fc3: Dense(2) }
    frozen_last: FrozenLast [4] -> [2] { fc1: Dense(3), Tanh, #[frozen] fc2: Dense(2) }
    frozen_all: #[frozen] FrozenAll [4] -> [2] { fc1: Dense(3), Tanh, block: Residual { main: { fc: Dense(3) } }, fc2: Dense(2) }
    frozen_block: FrozenBlock [4] -> [2] { #[frozen] block: Residual { main: { a: Dense(4), Tanh } }, fc: Dense(2) }
    frozen_skip: FrozenSkip [4] -> [3] { block: Residual { main: { a: Dense(3), Tanh }, skip: { #[frozen] c: Dense(3), Tanh } } }
    frozen_main: FrozenMain [4] -> [4] { Residual { main: { #[frozen] a: Dense(4), Tanh, #[frozen] b: Dense(4) } }, fc: Dense(4) }
    frozen_nested: FrozenNested [3] -> [2] { fc: Dense(3), #[frozen] body: Chain -> [2], Tanh }
    frozen_nested_first: FrozenNestedFirst [3] -> [2] { #[frozen] body: Chain -> [2], Tanh, fc: Dense(2) }
    frozen_branch: FrozenBranch [4] -> [5] { Concat { a: { #[frozen] fc: Dense(2), Tanh }, b: { fc: Dense(3) } } }
}

network! {
    #[scalar(f64)]
    struct Generic<const H: usize>: [3] -> [2] {
        fc1: Dense(H), Tanh, block: Residual { main: { a: Dense(H), Gelu, b: Dense(H) } }, Tanh, blocks: Repeat(2) { fc: Dense(H), Tanh }, fc2: Dense(2),
    }
}

#[test]
fn const_generic() {
    check::<Generic<4>>(3);
    check_samples::<Generic<6>>();
    assert_eq!(Generic::<4>::PARAMETERS, 4 * 4 + 2 * 20 + 2 * 20 + 2 * 5);
}

network! {
    #[scalar(f64)]
    struct Drops: [6] -> [4] { Dropout(0.5), fc1: Dense(8), Tanh, Dropout(0.25), fc2: Dense(8), Dropout(0.5), Tanh, fc3: Dense(4), Dropout(0.5) }
}

network! {
    #[scalar(f64)]
    struct Norms: [2, 3, 3] -> [3] {
        conv: Conv2d(2, kernel = 2, bias = false), bn1: BatchNorm, Tanh,
        block: Residual { main: { conv: Conv2d(2, kernel = 1, bias = false), bn: BatchNorm } }, Tanh,
        Flatten, fc: Dense(3, bias = false), bn2: BatchNorm,
    }
}

#[test]
fn dropout_in_every_place() {
    check::<Drops>(4);
    // In use nothing is dropped.
    let net = Drops::new_boxed(3);
    let x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    assert!(net.predict(&x).iter().all(|y| *y != 0.0));
    let passed = pass(&*net, &[x], &[[1.0; 4]], true);
    assert!(passed.y[0].contains(&0.0) || passed.dx[0].contains(&0.0), "something is dropped while training");
}

#[test]
fn batch_statistics() {
    check::<Norms>(6);
    let mut net = Norms::new_boxed(1);
    assert_eq!(net.bn1.running_mean, [0.0; 2]);
    let mut x = plain::vec::<[[[f64; 3]; 3]; 2]>(6);
    fill(<[[[f64; 3]; 3]; 2]>::flatten_mut(&mut x), &mut Stream::new(&[9]));
    let (mut y, mut tape) = (plain::vec(6), <Norms as Layer>::Tape::<Heap>::new());
    net.forward::<Portable, Heap>(Portable, PASS, &x, &mut y, &mut tape);
    net.finish::<Heap>(PASS, &tape);
    assert_ne!(net.bn1.running_mean, [0.0; 2], "the network's own statistics move");
    assert_ne!(net.block.bn.running_mean, [0.0; 2], "a block's statistics move");
    assert_eq!(net.block.bn.num_batches_tracked, 1);
    assert_eq!(Norms::MIN_BATCH, 2);
}

#[test]
fn frozen_layers_store_no_gradient() {
    let size = |numbers: usize| numbers * size_of::<f64>();
    assert_eq!(size_of::<<FrozenFirst as Layer>::Gradient>(), size(3 * 4 + 2 * 4));
    assert_eq!(size_of::<<FrozenBetween as Layer>::Gradient>(), size(3 * 5 + 2 * 4));
    assert_eq!(size_of::<<FrozenAll as Layer>::Gradient>(), 0);
    assert_eq!(size_of::<<FrozenBlock as Layer>::Gradient>(), size(2 * 5));
    assert_eq!(size_of::<<FrozenNested as Layer>::Gradient>(), size(3 * 4));
    assert_eq!(FrozenAll::PARAMETERS, 15 + 12 + 8, "frozen parameters count as parameters");
    let stored = leaves::<FrozenFirst>().iter().map(|(_, gradient, ..)| gradient.is_some()).collect::<Vec<_>>();
    assert_eq!(stored, [false, false, false, false, true, true, true, true]);
}

/// `y = w x`, and counts how often it is asked for its gradients.
#[derive(Plain)]
#[repr(C)]
struct Counted {
    weight: [f64; 1],
}

static BACKWARD: AtomicUsize = AtomicUsize::new(0);

impl SampleLayer for Counted {
    type Input = [f64; 3];
    type Output = [f64; 3];
    type Kind = nn_core::Real;
    type Saved = ();

    fn infer(&self, x: &[f64; 3], y: &mut [f64; 3]) {
        *y = x.map(|x| self.weight[0] * x);
    }

    fn backward(&self, x: &[f64; 3], _: &[f64; 3], (): &(), dy: &[f64; 3], dx: &mut [f64; 3], gradient: &mut Self) {
        BACKWARD.fetch_add(1, Ordering::Relaxed);
        for i in 0..3 {
            gradient.weight[0] += dy[i] * x[i];
            dx[i] = dy[i] * self.weight[0];
        }
    }
}

network! {
    #[scalar(f64)]
    struct FrozenCounted: [3] -> [2] { #[frozen] body: Counted -> [3], Tanh, #[frozen] more: Counted -> [3], fc: Dense(2) }
}

#[test]
fn what_nobody_needs_is_not_computed() {
    check::<FrozenCounted>(3);
    let net = FrozenCounted::new_boxed(1);
    let asked = |dx| {
        let before = BACKWARD.load(Ordering::Relaxed);
        pass(&*net, &[[0.1, 0.2, 0.3]; 5], &[[1.0, -1.0]; 5], dx);
        BACKWARD.load(Ordering::Relaxed) - before
    };
    assert_eq!(asked(false), 0, "nothing before the frozen layers learns");
    assert_eq!(asked(true), 10, "`dx` flows through them when it is asked for");
}

network! {
    struct FrozenNorm: [2, 3, 3] -> [2] { #[frozen] bn: BatchNorm, #[frozen] Dropout(0.5), Flatten, fc: Dense(2) }
}

#[test]
fn frozen_layers_run_as_in_use() {
    let net = FrozenNorm::new_boxed(1);
    let x = [[[[0.5; 3]; 3]; 2], [[[-1.0; 3]; 3]; 2]];
    let passed = pass(&*net, &x, &[[1.0, 1.0]; 2], false);
    assert_eq!(passed.y, [0, 1].map(|i| net.predict_with(Kernels::Portable, &x[i])));
    assert_eq!(FrozenNorm::MIN_BATCH, 1);
}
