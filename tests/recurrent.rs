//! Recurrent layers in networks: kernels against the portable loops, keys and shapes, training, and what is kept in place.

#![allow(missing_docs, reason = "declarations of a test")]

use nn_core::prelude::*;
use nn_core::random::Stream;
use nn_core::{Kernels, Scalar, Tensor, plain};

network! {
    pub struct Words: [7, 5] -> [3] {
        lstm: Lstm(6, bidirectional = true, layers = 2),
        Dropout(0.1),
        gru: Gru(4, output = Last),
        fc: Dense(3),
    }
}

#[test]
fn keys_are_those_of_pytorch() {
    let mut keys = vec![];
    <Words as Layer>::SPEC.visit(|leaf| keys.push(format!("{} {}", leaf.key, leaf.shape)));
    let mut expected = vec![];
    for (layer, inputs) in [(0, 5), (1, 12)] {
        for direction in ["", "_reverse"] {
            expected.push(format!("lstm.weight_ih_l{layer}{direction} [24, {inputs}]"));
            expected.push(format!("lstm.weight_hh_l{layer}{direction} [24, 6]"));
            expected.push(format!("lstm.bias_ih_l{layer}{direction} [24]"));
            expected.push(format!("lstm.bias_hh_l{layer}{direction} [24]"));
        }
    }
    let gru = ["weight_ih_l0 [12, 12]", "weight_hh_l0 [12, 4]", "bias_ih_l0 [12]", "bias_hh_l0 [12]"];
    expected.extend(gru.map(|key| format!("gru.{key}")));
    expected.extend(["fc.weight [3, 4]", "fc.bias [3]"].map(String::from));
    assert_eq!(keys, expected);
    let parameters = 2 * 24 * (5 + 6 + 2) + 2 * 24 * (12 + 6 + 2) + 12 * (12 + 4 + 2) + 15;
    assert_eq!(<Words as Layer>::PARAMETERS, parameters);
}

#[test]
fn parameters_start_within_one_over_the_root_of_the_units() {
    let net = Words::new_boxed(1);
    let bound = 1.0 / 6.0_f32.sqrt();
    let first = &net.lstm.first[0];
    let numbers = || first.weight_ih.as_flattened().as_flattened().iter().chain(first.bias_hh.as_flattened());
    assert!(numbers().all(|w| w.abs() <= bound) && numbers().any(|w| w.abs() > 0.8 * bound));

    network! {
        pub struct Forgets: [7, 5] -> [6] { #[init(XavierUniform)] lstm: Lstm(6, output = Last, forget_bias = 1.0) }
    }
    let net = Forgets::new_boxed(1);
    let [weights] = &net.lstm.first;
    assert_eq!(weights.bias_ih, [[0.0; 6], [1.0; 6], [0.0; 6], [0.0; 6]]);
    assert_eq!(weights.bias_hh, [[0.0; 6]; 4]);
}

/// Outputs, and gradients of all parameters and of the input, by the kernels given.
fn step<N: Network<Scalar = f32>>(net: &N, kernels: Kernels, x: &[N::Input], dy: &[N::Output]) -> [Vec<f32>; 4] {
    struct Step<'a, N: Network>(&'a N, &'a [N::Input], &'a [N::Output]);
    impl<N: Network<Scalar = f32>> nn_core::Task for Step<'_, N> {
        type Output = [Vec<f32>; 4];
        fn run<S: nn_core::Simd>(self, s: S) -> [Vec<f32>; 4] {
            let Self(net, x, given) = self;
            let n = x.len();
            let (mut inferred, mut y, mut dy, mut dx) =
                (plain::vec::<N::Output>(n), plain::vec::<N::Output>(n), plain::vec::<N::Output>(n), plain::vec::<N::Input>(n));
            N::Output::flatten_mut(&mut dy).copy_from_slice(N::Output::flatten(given));
            net.infer::<S, nn_core::Heap>(s, x, &mut inferred, &mut nn_core::Scratch::new());
            let (mut tape, pass) = (<N::Tape<nn_core::Heap> as nn_core::Scratch>::new(), nn_core::Pass::new(1, 1).frozen());
            net.forward::<S, nn_core::Heap>(s, pass, x, &mut y, &mut tape);
            let mut gradient = plain::boxed::<N::Gradient>();
            net.backward::<S, nn_core::Heap>(s, pass, x, &y, &mut dy, Some(&mut dx), &mut tape, Some(&mut gradient));
            let len = size_of::<N::Gradient>() / 4;
            let gradient = plain::part::<N::Gradient, f32>(&gradient, 0, len).expect("numbers alone").to_vec();
            [N::Output::flatten(&inferred).to_vec(), N::Output::flatten(&y).to_vec(), N::Input::flatten(&dx).to_vec(), gradient]
        }
    }
    nn_core::dispatch(kernels, Step(net, x, dy))
}

/// Every set of kernels against the portable loops, for one sample and more.
fn agree<N: Network<Scalar = f32>>() {
    let net = N::new_boxed(3);
    let mut random = Stream::new(&[7]);
    for n in [1, 2, 17, 33] {
        let (mut x, mut dy) = (plain::vec::<N::Input>(n), plain::vec::<N::Output>(n));
        for value in N::Input::flatten_mut(&mut x).iter_mut().chain(N::Output::flatten_mut(&mut dy)) {
            *value = f32::from_f64(random.uniform(-1.0, 1.0));
        }
        let expected = step(&*net, Kernels::Portable, &x, &dy);
        for kernels in Kernels::all() {
            let given = step(&*net, kernels, &x, &dy);
            for (what, (given, expected)) in ["inferred", "y", "dx", "gradient"].iter().zip(given.iter().zip(&expected)) {
                let largest = expected.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
                for (given, expected) in given.iter().zip(expected) {
                    let gap = (given - expected).abs();
                    assert!(gap <= 2e-5 * largest, "{what} of {n} samples by {}: {given}, not {expected}", kernels.name());
                }
            }
        }
    }
}

macro_rules! agreeing {
    ($($name:ident [$($input:literal),*] -> [$($output:literal),*] { $($layers:tt)* })*) => {$(
        #[test]
        fn $name() {
            network! { pub struct Net: [$($input),*] -> [$($output),*] { $($layers)* } }
            agree::<Net>();
        }
    )*};
}

agreeing! {
    gru_of_odd_sizes [9, 5] -> [9, 13] { gru: Gru(13) }
    gru_of_whole_registers [5, 16] -> [32] { gru: Gru(32, output = Last) }
    gru_both_ways [6, 3] -> [6, 34] { gru: Gru(17, bidirectional = true) }
    gru_stacked [6, 3] -> [10] { gru: Gru(5, bidirectional = true, layers = 3, output = Last, bias = false) }
    gru_of_one_step [1, 3] -> [1, 4] { gru: Gru(4) }
    lstm_of_odd_sizes [9, 5] -> [9, 13] { lstm: Lstm(13) }
    lstm_of_whole_registers [5, 16] -> [32] { lstm: Lstm(32, output = Last) }
    lstm_both_ways [6, 3] -> [6, 34] { lstm: Lstm(17, bidirectional = true) }
    lstm_stacked [6, 3] -> [10] { lstm: Lstm(5, bidirectional = true, layers = 3, output = Last, bias = false) }
    rnn_of_odd_sizes [9, 5] -> [9, 13] { rnn: Rnn(13) }
    rnn_rectified [5, 16] -> [32] { rnn: Rnn(32, output = Last, activation = Relu) }
    behind_a_convolution [3, 12] -> [4] { conv: Conv1d(6, kernel = 3), Relu, Transpose, gru: Gru(5), GlobalAvgPool, fc: Dense(4) }
    before_a_convolution [12, 3] -> [4] { gru: Gru(5), Transpose, conv: Conv1d(6, kernel = 3), GlobalAvgPool, fc: Dense(4) }
    last_of_both_ways [6, 3] -> [10] { lstm: Lstm(5, bidirectional = true), Last }
    in_branches_of_one_input [8, 3] -> [9] { Concat { a: { gru: Gru(5), Last }, b: { Transpose, conv: Conv1d(4, kernel = 3), GlobalAvgPool } } }
    rnn_stacked [6, 3] -> [6, 10] { rnn: Rnn(5, bidirectional = true, layers = 2) }
}

/// As many layers as the macro lets through have keys.
#[test]
fn the_most_layers_have_keys() {
    network! { pub struct Deep: [2, 2] -> [2] { gru: Gru(1, layers = 8, bidirectional = true, output = Last) } }
    let mut keys = std::collections::BTreeSet::new();
    <Deep as Layer>::SPEC.visit(|leaf| assert!(keys.insert(leaf.key.to_string()), "{} stands twice", leaf.key));
    assert_eq!(keys.len(), 8 * 2 * 4);
    assert!(keys.contains("gru.bias_hh_l7_reverse"));
}

/// The sign of the first of ten numbers: nothing but memory tells.
#[test]
fn a_state_remembers() -> Result<(), Error> {
    network! {
        pub struct Recalls: [10, 1] -> [2] {
            lstm: Lstm(8, output = Last, forget_bias = 1.0),
            logits: Dense(2),
        }
    }
    let mut random = Stream::new(&[5]);
    let (mut x, mut classes) = (vec![], vec![]);
    for _ in 0..512 {
        let series: [[f32; 1]; 10] = std::array::from_fn(|_| [f32::from_f64(random.uniform(-1.0, 1.0))]);
        classes.push(Class::<2>::new(usize::from(series[0][0] > 0.0)).expect("a class"));
        x.push(series);
    }
    let data = Dataset::new(x, classes)?;
    let (train, test) = data.split_at(384)?;
    let mut net = Recalls::new_boxed(1);
    let history = net.train(&train).loss(CrossEntropy).optimizer(Adam::new(1e-2)).epochs(60).validate_on(&test).run()?;
    let accuracy = history.final_epoch().validation.as_ref().map(|scores| scores.accuracy());
    assert!(accuracy.is_some_and(|accuracy| accuracy > 0.9), "{accuracy:?}");
    Ok(())
}
