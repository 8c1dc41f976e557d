//! The training loop, end to end.
#![allow(missing_docs, reason = "a test")]

use core::ops::ControlFlow;
use std::path::PathBuf;

use nn_core::data::Data;
use nn_core::metric::{Columns, Regression};
use nn_core::observe::{EpochReport, StepReport};
use nn_core::prelude::*;
use nn_core::train::{ChosenLoss, ChosenOptimizer, Ending, NotFinite, TrainError, What};

network! {
    struct Xor: [2] -> [2] {
        hidden: Dense(8),
        Tanh,
        output: Dense(2),
    }
}

network! {
    struct Digits: [64] -> [10] {
        hidden: Dense(32),
        Relu,
        output: Dense(10),
    }
}

network! {
    #[scalar(f64)]
    struct Small: [3] -> [2] {
        hidden: Dense(5),
        Tanh,
        output: Dense(2),
    }
}

network! {
    #[scalar(f64)]
    struct Other: [3] -> [2] {
        hidden: Dense(5),
        Relu,
        output: Dense(2),
    }
}

network! {
    /// State that is not a parameter, randomness, and blocks.
    #[scalar(f64)]
    struct Deep: [3] -> [2] {
        body: Residual {
            main: {
                fc: Dense(6),
                bn: BatchNorm,
                Relu,
                Dropout(0.3),
                back: Dense(3),
            }
        },
        head: Residual {
            main: {
                bn: BatchNorm,
                fc: Dense(3),
                Dropout(0.5),
            }
        },
        output: Dense(2),
    }
}

network! {
    struct Wide: [784] -> [10] {
        fc1: Dense(512),
        Relu,
        fc2: Dense(512),
        Relu,
        logits: Dense(10),
    }
}

fn class<const N: usize>(index: usize) -> Class<N> {
    Class::new(index).unwrap()
}

fn xor() -> Dataset<[f32; 2], Class<2>> {
    Dataset::new(vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0].map(class).to_vec()).unwrap()
}

/// The first 1,437 digits, and the last 360.
fn digits() -> (Dataset<[f32; 64], Class<10>>, Dataset<[f32; 64], Class<10>>) {
    let all = datasets::digits(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv.gz")).unwrap();
    all.map_inputs(|image, x: &mut [f32; 64]| x.copy_from_slice(image.as_flattened().as_flattened())).split_at(1437).unwrap()
}

/// Seeded points, and two smooth functions of them.
fn points(samples: usize, seed: u64) -> Dataset<[f64; 3], [f64; 2]> {
    let mut random = Stream::new(&[seed]);
    let inputs: Vec<[f64; 3]> = (0..samples).map(|_| [(); 3].map(|()| random.unit() * 2.0 - 1.0)).collect();
    let targets = inputs.iter().map(|[a, b, c]| [a * b + c, (a - c).sin() + 0.5]).collect();
    Dataset::new(inputs, targets).unwrap()
}

/// All that is the same in two equal runs: everything but the time that they took.
fn numbers<M: Columns>(history: &History<M>) -> Vec<u64> {
    let seconds = history.names().iter().position(|name| name == "seconds").unwrap();
    let row = |row: Vec<f64>| row.into_iter().enumerate().filter(move |(i, _)| *i != seconds).map(|(_, value)| value.to_bits());
    history.rows().into_iter().flat_map(row).collect()
}

fn bytes<P: Plain>(net: &P) -> Vec<u8> {
    nn_core::plain::bytes(net).to_vec()
}

/// A file that is gone with the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("nn-training-{}-{name}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Ends the run after an update or an epoch.
struct StopAt {
    step: u64,
    epoch: u64,
}

impl Observer for StopAt {
    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        if report.step == self.step { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        if report.epoch == self.epoch { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn xor_is_learned() {
    let data = xor();
    let mut net = Xor::new_boxed(1);
    let history = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(0.05)).batch_size(4).epochs(200).run().unwrap();
    assert_eq!(history.final_epoch().train.accuracy(), 1.0);
    assert!(history.final_epoch().train.loss < 0.01, "{}", history.final_epoch().train.loss);
    assert_eq!(net.evaluate(&data, CrossEntropy).unwrap().columns()[1], ("accuracy", 1.0));
}

#[test]
fn digits_are_learned() {
    let (train, test) = digits();
    let mut net = Digits::new_boxed(3);
    let history = net.train(&train).loss(CrossEntropy).optimizer(Adam::new(3e-3)).epochs(15).validate_on(&test).run().unwrap();
    let validation = history.final_epoch().validation.as_ref().unwrap();
    // 64-32-10 reaches 0.90 to 0.91 elsewhere.
    assert!(validation.accuracy() > 0.88, "{validation}");
    assert!(validation.top(3) > validation.accuracy() && validation.top(10) == 1.0);
    assert_eq!(validation.samples(), 360);
    assert!(history.final_epoch().train.accuracy() > history.epochs()[0].train.accuracy());
    assert_eq!(history.epochs().len(), 15);
    assert_eq!(history.final_epoch().step, 15 * 1437_u64.div_ceil(32));
    let again = net.evaluate(&test, CrossEntropy).unwrap();
    assert_eq!(again.confusion(), validation.confusion());
    assert!((again.loss - validation.loss).abs() < 1e-12);
}

#[test]
fn same_seed_same_result() {
    let (data, test) = (points(50, 1), points(20, 2));
    let run = |seed| {
        let mut net = Small::new_boxed(1);
        let training = net.train(&data).loss(MeanSquaredError).optimizer(SgdMomentum::new(0.05, 0.9)).batch_size(8).seed(seed);
        let history = training.validate_on(&test).epochs(4).augment(|x, random| x[0] += 0.1 * random.unit()).run().unwrap();
        (bytes(&*net), numbers(&history))
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).0, run(8).0);
}

/// The same network with plain loops and the standard library's mathematics, trained by the textbook.
#[derive(Clone)]
struct ByHand {
    w1: [[f64; 3]; 5],
    b1: [f64; 5],
    w2: [[f64; 5]; 2],
    b2: [f64; 2],
}

impl ByHand {
    fn zeros() -> Self {
        Self { w1: [[0.0; 3]; 5], b1: [0.0; 5], w2: [[0.0; 5]; 2], b2: [0.0; 2] }
    }

    fn each(&mut self, other: &Self, mut f: impl FnMut(&mut f64, f64)) {
        self.w1.as_flattened_mut().iter_mut().zip(other.w1.as_flattened()).for_each(|(a, b)| f(a, *b));
        self.b1.iter_mut().zip(other.b1).for_each(|(a, b)| f(a, b));
        self.w2.as_flattened_mut().iter_mut().zip(other.w2.as_flattened()).for_each(|(a, b)| f(a, *b));
        self.b2.iter_mut().zip(other.b2).for_each(|(a, b)| f(a, b));
    }

    /// Adds one sample's share of the gradient of the mean over samples and outputs of the squared error; gives its squared error.
    fn add_gradient(&self, x: [f64; 3], t: [f64; 2], share: f64, gradient: &mut Self) -> f64 {
        let h: [f64; 5] = core::array::from_fn(|j| ((0..3).map(|i| self.w1[j][i] * x[i]).sum::<f64>() + self.b1[j]).tanh());
        let y: [f64; 2] = core::array::from_fn(|k| (0..5).map(|j| self.w2[k][j] * h[j]).sum::<f64>() + self.b2[k]);
        let dy: [f64; 2] = core::array::from_fn(|k| share * (y[k] - t[k])); // d/dy of share · ½ Σ e²
        for j in 0..5 {
            let dz = (0..2).map(|k| dy[k] * self.w2[k][j]).sum::<f64>() * (1.0 - h[j] * h[j]);
            for i in 0..3 {
                gradient.w1[j][i] += dz * x[i];
            }
            gradient.b1[j] += dz;
            for k in 0..2 {
                gradient.w2[k][j] += dy[k] * h[j];
            }
        }
        for k in 0..2 {
            gradient.b2[k] += dy[k];
        }
        (0..2).map(|k| (y[k] - t[k]) * (y[k] - t[k])).sum()
    }
}

#[test]
fn a_run_is_what_the_textbook_computes() {
    const RATE: f64 = 0.1;
    const MOMENTUM: f64 = 0.9;
    let data = points(10, 3); // batches of 4, 4 and 2
    let mut net = Small::new_boxed(5);
    let mut hand = ByHand { w1: net.hidden.weight, b1: net.hidden.bias, w2: net.output.weight, b2: net.output.bias };
    let history = {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(SgdMomentum::new(RATE, MOMENTUM)).in_order();
        training.batch_size(4).epochs(7).run().unwrap()
    };

    let mut velocity = ByHand::zeros();
    for epoch in history.epochs() {
        let mut squares = 0.0;
        for batch in [0..4, 4..8, 8..10] {
            let mut gradient = ByHand::zeros();
            for i in batch.clone() {
                // The mean over `n` samples and 2 outputs of e² has the slope 2 e / (2 n).
                squares += hand.add_gradient(data.inputs()[i], data.targets()[i], 1.0 / batch.len() as f64, &mut gradient);
            }
            velocity.each(&gradient, |v, g| *v = MOMENTUM * *v + g);
            hand.each(&velocity, |w, v| *w -= RATE * v);
        }
        assert!((epoch.train.loss - squares / 20.0).abs() < 1e-12, "{} {}", epoch.train.loss, squares / 20.0);
        assert!((epoch.train.rmse() - (squares / 20.0).sqrt()).abs() < 1e-12);
    }
    let mut gap: f64 = 0.0;
    let net = ByHand { w1: net.hidden.weight, b1: net.hidden.bias, w2: net.output.weight, b2: net.output.bias };
    hand.each(&net, |a, b| gap = gap.max((*a - b).abs()));
    assert!(gap < 1e-12, "{gap}");
    assert!(history.final_epoch().train.loss < 0.5 * history.epochs()[0].train.loss);
}

#[test]
fn a_smaller_last_batch_counts_as_what_it_is() {
    let data = points(5, 4);
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let history = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(2).epochs(1).run().unwrap();
    assert_eq!(history.final_epoch().step, 3);
    assert_eq!(history.final_epoch().train.samples(), 5);
    assert_eq!(bytes(&*net), before);
    let loss = net.evaluate(&data, MeanSquaredError).unwrap().loss;
    assert!((history.final_epoch().train.loss - loss).abs() < 1e-15);
}

/// One update with the whole of the data as the batch.
fn one_step(data: &Dataset<[f64; 3], [f64; 2]>) -> (Box<Small>, f64) {
    let mut net = Small::new_boxed(1);
    let history = net.train(data).loss(MeanSquaredError).optimizer(Sgd::new(1.0)).batch_size(100).in_order().epochs(1).run().unwrap();
    let loss = history.final_epoch().train.loss;
    (net, loss)
}

fn largest_gap(a: &Small, b: &Small) -> f64 {
    let numbers = |net: &Small| -> Vec<f64> { nn_core::plain::part(net, 0, Small::PARAMETERS).unwrap().to_vec() };
    numbers(a).iter().zip(numbers(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn a_weight_counts_a_sample_more_often() {
    let (x, t) = (points(3, 5).inputs().to_vec(), points(3, 5).targets().to_vec());
    let weighted = Dataset::new(x.clone(), t.clone()).unwrap().with_weights(vec![1.0, 3.0, 0.0]).unwrap();
    let repeated = Dataset::new(vec![x[0], x[1], x[1], x[1]], vec![t[0], t[1], t[1], t[1]]).unwrap();
    let ((a, loss_a), (b, loss_b)) = (one_step(&weighted), one_step(&repeated));
    assert!((loss_a - loss_b).abs() < 1e-14, "{loss_a} {loss_b}");
    assert!(largest_gap(&a, &b) < 1e-14);
    assert!(largest_gap(&a, &one_step(&Dataset::new(x.clone(), t.clone()).unwrap()).0) > 1e-3);
    let loss = |data| a.evaluate(data, MeanSquaredError).unwrap().loss;
    assert!((loss(&weighted) - loss(&repeated)).abs() < 1e-14);

    let nothing = Dataset::new(x, t).unwrap().with_weights(vec![0.0; 3]).unwrap();
    let (net, loss) = one_step(&nothing);
    assert_eq!((bytes(&*net), loss), (bytes(&*Small::new_boxed(1)), 0.0), "samples that weigh nothing teach nothing");
}

#[test]
fn a_summed_loss_is_the_mean_times_the_samples() {
    let data = points(6, 6);
    let start = Small::new_boxed(1);
    let (mean, loss) = one_step(&data);
    let mut summed = Small::new_boxed(1);
    let training = summed.train(&data).loss(Sum(MeanSquaredError)).optimizer(Sgd::new(1.0 / 6.0)).batch_size(6).in_order().epochs(1);
    let history = training.run().unwrap();
    assert!(largest_gap(&mean, &summed) < 1e-14 && largest_gap(&mean, &start) > 1e-3);
    assert!((history.final_epoch().train.loss - 6.0 * loss).abs() < 1e-14);
}

#[test]
fn updates_are_counted_from_one() {
    // Adam's first update moves every parameter by the whole rate, whatever its gradient.
    let data = points(20, 31);
    let mut net = Small::new_boxed(1);
    let start = Small::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(0.01)).batch_size(20).epochs(1).run().unwrap();
    for (after, before) in net.hidden.weight.as_flattened().iter().zip(start.hidden.weight.as_flattened()) {
        assert!(((after - before).abs() - 0.01).abs() < 1e-6, "{after} {before}");
    }
}

#[test]
fn frozen_parts_and_slower_parts() {
    let data = points(20, 7);
    let start = Small::new_boxed(1);
    let run = |change: &dyn Fn(Training<'_>) -> History<Regression>| {
        let mut net = Small::new_boxed(1);
        change(net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(20).epochs(1));
        net
    };
    let all = run(&|training| training.run().unwrap());
    let frozen = run(&|training| training.freeze("hidden").run().unwrap());
    assert_eq!(bytes(&frozen.hidden), bytes(&start.hidden));
    assert_eq!(bytes(&frozen.output), bytes(&all.output));
    assert_ne!(bytes(&frozen.output), bytes(&start.output));
    let tensor = run(&|training| training.freeze("hidden.bias").freeze("output").run().unwrap());
    assert_eq!(bytes(&tensor.hidden.bias), bytes(&start.hidden.bias));
    assert_eq!(bytes(&tensor.hidden.weight), bytes(&all.hidden.weight));
    assert_eq!(bytes(&tensor.output), bytes(&start.output));
    // The longest key decides.
    let slower = run(&|training| training.learning_rate_for("hidden", 0.25).learning_rate_for("hidden.bias", 2.0).run().unwrap());
    for j in 0..5 {
        let moved = |net: &Small| (net.hidden.weight[j][1] - start.hidden.weight[j][1], net.hidden.bias[j] - start.hidden.bias[j]);
        assert!((moved(&slower).0 - 0.25 * moved(&all).0).abs() < 1e-15 && moved(&all).0 != 0.0);
        assert!((moved(&slower).1 - 2.0 * moved(&all).1).abs() < 1e-15 && moved(&all).1 != 0.0);
    }
    assert_eq!(bytes(&slower.output), bytes(&all.output));
}

/// Points with two targets.
type Two = Dataset<[f64; 3], [f64; 2]>;

type Training<'a> = nn_core::train::Training<'a, Small, Two, ChosenLoss<'a, Small, Two>, ChosenOptimizer<'a, Small>>;

#[test]
fn clipping_bounds_the_step() {
    let data = points(20, 8);
    let start = Small::new_boxed(1);
    let length = |clip: Clip| {
        let mut net = Small::new_boxed(1);
        let training = net.train(&data).loss(Sum(MeanSquaredError)).optimizer(Sgd::new(1.0)).batch_size(20).epochs(1).clip(clip);
        let norm = training.run().unwrap().final_epoch().gradient_norm;
        let numbers = |net: &Small| -> Vec<f64> { nn_core::plain::part(net, 0, Small::PARAMETERS).unwrap().to_vec() };
        let moves: Vec<f64> = numbers(&net).iter().zip(numbers(&start)).map(|(a, b)| (a - b).abs()).collect();
        (moves.iter().map(|m| m * m).sum::<f64>().sqrt(), moves.iter().copied().fold(0.0, f64::max), norm)
    };
    let (free, largest, norm) = length(Clip::by_norm(1e9));
    assert!((free - norm).abs() < 1e-12 && free > 2.0 && largest > 0.5, "{free} {largest} {norm}");
    let (clipped, _, norm) = length(Clip::by_norm(0.5));
    assert!((clipped - 0.5).abs() < 1e-6 && (norm - free).abs() < 1e-12, "{clipped}");
    assert!((length(Clip::by_value(0.01)).1 - 0.01).abs() < 1e-12);
}

#[test]
fn augmentation_changes_copies_once_per_sample_and_epoch() {
    let data = points(7, 9);
    let before = data.inputs().to_vec();
    let mut seen = Vec::new();
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(3).epochs(2);
    training
        .augment(|x, random| {
            let draw = random.bits();
            seen.push((x.map(f64::to_bits), draw));
            x[0] = -x[0];
        })
        .run()
        .unwrap();
    assert_eq!(data.inputs(), before);
    assert_eq!(seen.len(), 14);
    let mut draws: Vec<u32> = seen.iter().map(|(_, draw)| *draw).collect();
    draws.sort_unstable();
    draws.dedup();
    assert_eq!(draws.len(), 14, "each sample has random numbers of its own in each epoch");
    for epoch in seen.chunks(7) {
        let mut inputs: Vec<_> = epoch.iter().map(|(x, _)| *x).collect();
        let mut all: Vec<_> = before.iter().map(|x| x.map(f64::to_bits)).collect();
        inputs.sort_unstable();
        all.sort_unstable();
        assert_eq!(inputs, all, "all samples, each once");
    }
    assert_ne!(seen[..7].iter().map(|(x, _)| x).collect::<Vec<_>>(), seen[7..].iter().map(|(x, _)| x).collect::<Vec<_>>());
}

#[test]
fn a_maximum_of_steps_ends_the_run_in_an_epochs_midst() {
    let data = points(10, 10);
    let run = |steps| {
        let mut net = Small::new_boxed(1);
        net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(2).max_steps(steps).run().unwrap()
    };
    let history = run(7);
    assert_eq!(history.ending(), Ending::MaxSteps);
    assert_eq!(history.epochs().iter().map(|epoch| (epoch.step, epoch.train.samples())).collect::<Vec<_>>(), [(5, 10), (7, 4)]);
    assert_eq!(run(60).epochs().len(), 12, "no limit of ten epochs where steps are given");
}

/// Targets that pull the training away from the validation data.
fn opposed() -> (Dataset<[f64; 3], [f64; 2]>, Dataset<[f64; 3], [f64; 2]>) {
    let train = points(16, 11).map_targets(|_| [1.0, 1.0]);
    let test = points(8, 12).map_targets(|_| [0.3, 0.3]);
    (train, test)
}

#[test]
fn patience_restores_the_best_epoch() {
    let (train, test) = opposed();
    let mut net = Small::new_boxed(2);
    let training = net.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(100).validate_on(&test);
    let history = training.stop_early(Patience(3)).run().unwrap();
    let watched: Vec<f64> = history.epochs().iter().map(|epoch| epoch.validation.as_ref().unwrap().loss).collect();
    let best = (0..watched.len()).min_by(|a, b| watched[*a].total_cmp(&watched[*b])).unwrap();
    assert!(best > 0, "{watched:?}");
    assert_eq!(watched.len(), best + 4, "three epochs without a better one");
    assert_eq!(history.ending(), Ending::Rule);
    assert_eq!(history.kept_epoch().number, best as u64 + 1);
    assert_eq!(net.evaluate(&test, MeanSquaredError).unwrap().loss.to_bits(), watched[best].to_bits());
    assert!(format!("{history}").contains("best, kept"));
    assert!(format!("{history}").ends_with("ended by Patience(3)"));

    // Interrupted after the best epoch: the checkpoint has its parameters.
    let file = Temporary::new("best");
    let mut resumed = Small::new_boxed(2);
    for (stop, resume) in [(best as u64 + 2, false), (0, true)] {
        let training = resumed.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(100);
        let training = training.validate_on(&test).stop_early(Patience(3)).observe(StopAt { step: 0, epoch: stop });
        let training = if resume { training.resume(&file.0) } else { training.checkpoint(&file.0) };
        training.run().unwrap();
        if !resume {
            // The checkpoint is all that goes on.
            resumed = Small::new_boxed(9);
        }
    }
    assert_eq!(bytes(&*resumed), bytes(&*net));

    // Without the rule, the last epoch stays; without validation data, the training loss is watched.
    let mut other = Small::new_boxed(2);
    let training = other.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(watched.len() as u64);
    let history = training.validate_on(&test).run().unwrap();
    assert_eq!(other.evaluate(&test, MeanSquaredError).unwrap().loss.to_bits(), watched.last().unwrap().to_bits());
    assert_eq!((history.kept_epoch().number, history.best_epoch().number), (watched.len() as u64, best as u64 + 1));
    let training = other.train(&train).loss(MeanSquaredError).optimizer(Sgd::new(0.05)).batch_size(16).epochs(20);
    assert_eq!(training.stop_early(Patience(3)).run().unwrap().ending(), Ending::Epochs);
}

#[test]
fn tolerances_end_the_run() {
    let data = points(16, 13);
    let mut net = Small::new_boxed(1);
    let history = {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.2)).batch_size(16).epochs(10_000);
        training.stop_early(LossChangeBelow(1e-4)).run().unwrap()
    };
    let losses: Vec<f64> = history.epochs().iter().map(|epoch| epoch.train.loss).collect();
    let changes: Vec<f64> = losses.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let (last, before) = changes.split_last().unwrap();
    assert!(*last < 1e-4 && before.iter().all(|change| *change >= 1e-4) && !before.is_empty());

    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.2)).batch_size(16).epochs(10_000);
    // Rules may be several; the first that holds counts.
    let history = training.stop_early(GradientBelow(0.05)).stop_early(LossChangeBelow(0.0)).run().unwrap();
    let norms: Vec<f64> = history.epochs().iter().map(|epoch| epoch.gradient_norm).collect();
    let (last, before) = norms.split_last().unwrap();
    assert!(*last < 0.05 && before.iter().all(|norm| *norm >= 0.05) && !before.is_empty(), "{norms:?}");
}

/// A run with everything that a checkpoint has to keep.
fn thorough(net: &mut Small, checkpoint: Option<&Temporary>, resume: bool, stop: Option<StopAt>) -> History<Regression> {
    let (data, test) = (points(50, 14), points(20, 15));
    let training = net.train(&data).loss(Huber(0.5)).optimizer(Adam::new(0.01)).batch_size(8).epochs(6).validate_on(&test);
    let mut training = training
        .schedule(Warmup::new(10).then(CosineAnnealing::default()))
        .stop_early(Patience(2))
        .augment(|x, random| x[1] += 0.1 * random.unit())
        .measure("first output", |y, _| y[0])
        .clip(Clip::by_norm(0.3))
        .learning_rate_for("output.bias", 0.5)
        .seed(3);
    if let Some(stop) = stop {
        training = training.observe(stop);
    }
    if let Some(path) = checkpoint {
        training = training.checkpoint(&path.0);
        if resume {
            training = training.resume(&path.0);
        }
    }
    training.run().unwrap()
}

#[test]
fn a_resumed_run_is_the_uninterrupted_one_bit_for_bit() {
    let mut whole = Small::new_boxed(1);
    let expected = thorough(&mut whole, None, false, None);
    for (name, step, epoch) in [("first", 1, 0), ("midst", 18, 0), ("end", 0, 3), ("boundary", 14, 0), ("done", 0, 0)] {
        let file = Temporary::new(&format!("resume-{name}"));
        let mut first = Small::new_boxed(1);
        let interrupted = thorough(&mut first, Some(&file), false, Some(StopAt { step, epoch }));
        assert_eq!(interrupted.ending() == Ending::Observer, name != "done");
        let mut second = Small::new_boxed(99);
        let resumed = thorough(&mut second, Some(&file), true, None);
        assert_eq!(bytes(&*second), bytes(&*whole), "{name}");
        assert_eq!(numbers(&resumed), numbers(&expected), "{name}");
        assert_eq!(resumed.ending(), expected.ending());
        assert_eq!(resumed.final_epoch().train.own("first output"), expected.final_epoch().train.own("first output"));
    }
}

/// Ends the program, all but, after an update.
struct CrashAt(u64);

impl Observer for CrashAt {
    fn begin(&mut self, run: &nn_core::observe::RunReport<'_>) {
        assert!([0, 10].contains(&run.resumed_at), "the last checkpoint is that of update 10, not that of the epoch's end");
    }
    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        // Without the message that a panic prints.
        if report.step == self.0 { std::panic::resume_unwind(Box::new(())) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn a_run_that_a_checkpoint_outlived_goes_on_from_it() {
    let data = points(50, 14);
    let file = Temporary::new("every");
    let run = |net: &mut Small, epochs: u64, crash: u64, resume: bool| {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(RmsProp::new(0.01)).batch_size(8).epochs(epochs);
        let training = if resume { training.resume(&file.0) } else { training.checkpoint(&file.0).checkpoint_every(5) };
        training.observe(CrashAt(crash)).run().unwrap()
    };
    let mut whole = Small::new_boxed(1);
    let expected = run(&mut whole, 4, 0, false);
    std::fs::remove_file(&file.0).unwrap();
    let mut first = Small::new_boxed(1);
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&mut first, 2, 13, false))).is_err());
    // Longer than it was to be: without a schedule, nothing depends on the length.
    let mut second = Small::new_boxed(2);
    let resumed = run(&mut second, 4, 0, true);
    assert_eq!(bytes(&*second), bytes(&*whole));
    assert_eq!(numbers(&resumed), numbers(&expected));
    // With updates after the last checkpoint: it is of update 10, not of update 13.
    assert_ne!(bytes(&*first), bytes(&*second));
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused_and_changes_nothing() {
    let data = points(20, 16);
    let file = Temporary::new("refused");
    let mut net = Small::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(2).checkpoint(&file.0).run().unwrap();
    let good = std::fs::read(&file.0).unwrap();
    let before = bytes(&*net);
    let mut refused = |data: &Dataset<_, _>, rate: f64, size: usize, seed: u64| {
        let training = net.train(data).loss(MeanSquaredError).optimizer(Sgd::new(rate)).batch_size(size).seed(seed).epochs(2);
        training.resume(&file.0).run().err().map(|error| error.to_string())
    };
    let other = points(20, 17);
    for (message, part) in [
        (refused(&data, 0.2, 32, 0), "here `optimizer: Sgd { learning_rate: 0.2"),
        (refused(&data, 0.1, 16, 0), "there `batch size: 32`, here `batch size: 16`"),
        (refused(&data, 0.1, 32, 1), "there `seed: 0`, here `seed: 1`"),
        (refused(&other, 0.1, 32, 0), "here `training data: 20 samples"),
    ] {
        let message = message.expect("refused");
        assert!(message.contains(part) && message.contains("is of another run"), "{message}");
    }
    let mut longer = Small::new_boxed(1);
    let other_file = Temporary::new("scheduled");
    let scheduled = |net: &mut Small, epochs, resume: bool| {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(epochs).schedule(CosineAnnealing::default());
        if resume { training.resume(&other_file.0) } else { training.checkpoint(&other_file.0) }.run()
    };
    scheduled(&mut longer, 2, false).unwrap();
    let message = scheduled(&mut longer, 3, true).unwrap_err().to_string();
    assert!(message.contains("over 2 steps`, here `schedule: ") && message.contains("over 3 steps`"), "{message}");
    for cut in (0..good.len()).step_by(23) {
        std::fs::write(&file.0, &good[..cut]).unwrap();
        let message = refused(&data, 0.1, 32, 0).expect("refused");
        assert!(message.contains("is no checkpoint") || message.contains("cut off or changed"), "{message}");
    }
    for at in (0..good.len()).step_by(17) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        std::fs::write(&file.0, &bad).unwrap();
        assert!(refused(&data, 0.1, 32, 0).is_some(), "byte {at} changed");
    }
    let mut newer = good.clone();
    newer[b"nn-core checkpoint\n".len()] = 2;
    std::fs::write(&file.0, &newer).unwrap();
    assert!(refused(&data, 0.1, 32, 0).unwrap().contains("version 2"));
    std::fs::write(&file.0, &good).unwrap();
    assert_eq!(refused(&data, 0.1, 32, 0), None);
    assert_eq!(bytes(&*net), before);

    let mut other = Other::new_boxed(1);
    let before = bytes(&*other);
    let training = other.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(2);
    let message = training.resume(&file.0).run().unwrap_err().to_string();
    assert!(message.contains("there `network: Small") && message.contains("here `network: Other"), "{message}");
    assert_eq!(bytes(&*other), before);
    let message =
        other.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).resume("/nowhere/at/all").run().unwrap_err().to_string();
    assert!(message.starts_with("cannot read the checkpoint /nowhere/at/all: "), "{message}");
}

#[test]
fn a_checkpoint_of_other_kernels_is_refused() {
    let data = xor();
    let file = Temporary::new("kernels");
    let mut net = Xor::new_boxed(1);
    let training = net.train(&data).loss(CrossEntropy).optimizer(Sgd::new(0.1)).epochs(2);
    training.kernels(Kernels::Portable).checkpoint(&file.0).run().unwrap();
    let resumed = net.train(&data).loss(CrossEntropy).optimizer(Sgd::new(0.1)).epochs(2).resume(&file.0).run();
    match Kernels::detect() {
        Kernels::Portable => assert!(resumed.is_ok()),
        other => {
            let message = resumed.unwrap_err().to_string();
            assert!(message.ends_with(&format!("there `kernels: portable`, here `kernels: {}`", other.name())), "{message}");
        }
    }
}

/// Halves with every epoch that ended above 0.
#[derive(Debug)]
struct Halves;

impl Schedule for Halves {
    fn factor(&self, at: &nn_core::schedule::Moment<'_>) -> f64 {
        at.losses.iter().filter(|loss| **loss > 0.0).fold(1.0, |factor, _| factor / 2.0)
    }
}

#[test]
fn a_schedule_sees_what_the_epochs_ended_with() {
    let data = points(8, 34);
    let mut told = Listener::default();
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(8).epochs(3);
    training.schedule(Halves).observe(&mut told).run().unwrap();
    assert_eq!(told.steps, [(1, 1, 0.1), (2, 2, 0.05), (3, 3, 0.025)]);
}

#[test]
fn dropout_belongs_to_the_seed_and_the_step() {
    let data = points(20, 35);
    let losses = |seed| {
        let mut net = Deep::new_boxed(1);
        let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(20).in_order().seed(seed).epochs(2);
        let history = training.run().unwrap();
        [0, 1].map(|epoch: usize| history.epochs()[epoch].train.loss)
    };
    let ([a, b], [c, d]) = (losses(1), losses(2));
    assert!(a != b && a != c && b != d, "{a} {b} {c} {d}");
    assert_eq!(losses(1), [a, b]);
}

#[derive(Debug)]
struct Broken;

impl Schedule for Broken {
    fn factor(&self, at: &nn_core::schedule::Moment<'_>) -> f64 {
        if at.step == 4 { f64::NAN } else { 1.0 }
    }
}

#[test]
fn a_schedule_that_gives_no_rate_ends_the_run() {
    let data = points(20, 33);
    let mut net = Small::new_boxed(1);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(4).schedule(Broken).run().unwrap_err();
    assert_eq!(error.to_string(), "update 5 has a learning rate of NaN: optimizer and schedule must give a finite one of at least 0");
}

/// The error of a run that ends with numbers that are not finite.
fn not_finite(error: &TrainError) -> &NotFinite {
    match error {
        TrainError::NotFinite(at) => at,
        other => panic!("{other}"),
    }
}

#[test]
fn an_input_that_is_not_finite_is_named_before_it_does_harm() {
    let mut data = points(20, 18);
    data.inputs_mut()[13][1] = f64::NAN;
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(5).in_order().run().unwrap_err();
    let at = not_finite(&error);
    assert_eq!((at.what, at.epoch, at.step, at.layer.as_str()), (What::Input { sample: 13 }, 1, 3, "hidden"));
    assert_eq!(bytes(&*net), before, "as before training, though two updates were made");
    assert_eq!(
        error.to_string(),
        "epoch 1, step 3: the input of sample 13, which `hidden` reads, is not finite: clean the data (the network is as it was before training)"
    );
}

#[test]
fn a_target_that_is_not_finite_is_named_as_such() {
    let mut data = points(20, 18);
    data.targets_mut()[7][0] = f64::NAN;
    let mut net = Small::new_boxed(1);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(5).in_order().run().unwrap_err();
    assert_eq!(not_finite(&error).what, What::Target { sample: 7 });
    assert!(error.to_string().contains("the loss of sample 7 is not finite"), "{error}");
}

#[test]
fn a_diverging_run_ends_with_the_last_good_epoch() {
    let data = points(20, 19);
    let train =
        |net: &mut Other, epochs| net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(40.0)).batch_size(5).epochs(epochs).run();
    let mut net = Other::new_boxed(1);
    let error = train(&mut net, 1000).unwrap_err();
    let at = not_finite(&error).clone();
    assert!(at.epoch > 1 && matches!(at.what, What::Loss | What::Gradient | What::Parameter), "{at:?}");
    assert!(["hidden", "output"].contains(&at.layer.as_str()));
    let mut short = Other::new_boxed(1);
    train(&mut short, at.epoch - 1).unwrap();
    assert_eq!(bytes(&*net), bytes(&*short));
    assert!(error.to_string().ends_with(&format!("(the network is as it was after epoch {})", at.epoch - 1)), "{error}");
}

network! {
    struct Chain: [1] -> [1] {
        a: Dense(1),
        Relu,
        block: Residual {
            main: {
                b: Dense(1),
                Relu,
            }
        },
        c: Dense(1),
    }
}

#[test]
fn the_layer_where_an_output_overflows_is_named() {
    let data = Dataset::new(vec![[1.0_f32]], vec![[0.0_f32]]).unwrap();
    let layer = |a: f32, b: f32, c: f32| {
        let mut net = Chain::new_boxed(1);
        (net.a.weight, net.block.b.weight, net.c.weight) = ([[a]], [[b]], [[c]]);
        let error = net.train(&data).loss(MeanAbsoluteError).optimizer(Sgd::new(0.1)).run().unwrap_err();
        let at = not_finite(&error);
        assert_eq!((at.what, at.epoch, at.step), (if a.is_nan() { What::Parameter } else { What::Loss }, 1, 1), "{error}");
        at.layer.clone()
    };
    assert_eq!(layer(1e30, 1e30, 1.0), "block.b");
    assert_eq!(layer(1.0, 1e30, 1e30), "c");
    assert_eq!(layer(1e30, 1.0, 1e30), "c");
    assert_eq!(layer(f32::NAN, 1.0, 1.0), "a");
}

#[test]
fn parameters_that_overflow_in_an_epochs_last_update_are_not_its_good_ones() {
    let data = Dataset::new(vec![[1.0_f32]], vec![[0.0_f32]]).unwrap();
    let mut net = Chain::new_boxed(1);
    (net.a.weight, net.block.b.weight, net.c.weight) = ([[1.0]], [[1.0]], [[1e10]]);
    let before = bytes(&*net);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(1e35)).run().unwrap_err();
    let at = not_finite(&error);
    assert_eq!((at.what, at.epoch, at.step), (What::Parameter, 1, 1), "{error}");
    assert_eq!(bytes(&*net), before);
}

/// A squared error whose gradient breaks where the target is 100.
#[derive(Clone, Copy, Debug)]
struct Breaks;

impl<K: nn_core::Kind> Loss<K, [f64; 2], [f64; 2]> for Breaks {
    fn loss(&self, y: &[f64; 2], target: &[f64; 2]) -> f64 {
        Loss::<K, _, _>::loss(&MeanSquaredError, y, target)
    }
    fn gradient(&self, y: &[f64; 2], target: &[f64; 2], dy: &mut [f64; 2]) -> f64 {
        let loss = Loss::<K, _, _>::gradient(&MeanSquaredError, y, target, dy);
        if target[0] == 100.0 {
            dy[1] = f64::INFINITY;
        }
        loss
    }
}

#[test]
fn a_gradient_that_is_not_finite_is_not_used() {
    let mut data = points(20, 20);
    data.targets_mut()[11][0] = 100.0;
    let mut net = Small::new_boxed(1);
    let before = bytes(&*net);
    let error = net.train(&data).loss(Breaks).optimizer(Sgd::new(0.1)).batch_size(5).in_order().run().unwrap_err();
    let at = not_finite(&error);
    assert_eq!((at.what, at.epoch, at.step, at.layer.as_str()), (What::Gradient, 1, 3, "output"));
    assert_eq!(bytes(&*net), before);
}

#[test]
fn misuse_is_an_error_that_says_how_to_mend_it() {
    let data = points(5, 21);
    let none = Dataset::<[f64; 3], [f64; 2]>::new(vec![], vec![]).unwrap();
    let mut net = Small::new_boxed(1);
    let mut message = |data: &Dataset<_, _>, change: &dyn for<'a> Fn(Training<'a>) -> Training<'a>| {
        change(net.train(data).loss(MeanSquaredError).optimizer(Sgd::new(0.1))).run().unwrap_err().to_string()
    };
    for (message, expected) in [
        (message(&data, &|t| t.epochs(0)), "no epochs: `.epochs(n)` takes at least 1"),
        (message(&data, &|t| t.max_steps(0)), "no updates: `.max_steps(n)` takes at least 1"),
        (
            message(&data, &|t| t.checkpoint_every(3)),
            "`checkpoint_every` writes nothing: name the file with `checkpoint`, and give it a number of updates above 0",
        ),
        (message(&data, &|t| t.batch_size(0)), "a batch of no samples: `.batch_size(n)` takes at least 1"),
        (message(&none, &|t| t), "the training data hold no samples"),
        (message(&data, &|t| t.freeze("hiden")), "the network has no part `hiden`; it has `hidden`, `output`"),
        (message(&data, &|t| t.learning_rate_for("hidden.w", 0.5)), "the network has no part `hidden.w`; it has `hidden`, `output`"),
        (
            message(&data, &|t| t.learning_rate_for("hidden", -1.0)),
            "`.learning_rate_for(\"hidden\", -1)`: the factor must be finite and at least 0",
        ),
        (message(&data, &|t| t.freeze("hidden").freeze("output")), "nothing learns: every parameter is frozen, or the network has none"),
        (message(&data, &|t| t.clip(Clip::by_norm(0.0))), "`Clip` with norm = 0: it must be finite and above 0"),
        (
            message(&data, &|t| t.checkpoint("/nowhere/at/all")),
            "cannot write the checkpoint /nowhere/at/all: No such file or directory (os error 2)",
        ),
    ] {
        assert_eq!(message, expected);
    }
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).validate_on(&none).run().unwrap_err();
    assert_eq!(error.to_string(), "the validation data hold no samples");
    assert_eq!(net.evaluate(&none, MeanSquaredError).unwrap_err().to_string(), "the data hold no samples");
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(-0.1)).run().unwrap_err();
    assert_eq!(error.to_string(), "`Sgd` with learning_rate = -0.1: it must be finite and at least 0");
    let error = Dataset::<[f64; 3], bool>::new(vec![[0.0; 3]; 2], vec![true]).unwrap_err();
    assert!(error.to_string().contains('2') && error.to_string().contains('1'), "{error}");
    let error: Error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(0).run().unwrap_err().into();
    assert_eq!(error.to_string(), "no epochs: `.epochs(n)` takes at least 1");
}

/// Counts, and keeps what it was told.
#[derive(Default)]
struct Listener {
    begun: Option<(usize, u64, u64)>,
    steps: Vec<(u64, u64, f64)>,
    epochs: Vec<(u64, f64, Option<f64>, bool)>,
    ended: Option<Ending>,
}

impl Observer for Listener {
    fn begin(&mut self, run: &nn_core::observe::RunReport<'_>) {
        self.begun = Some((run.samples, run.steps_per_epoch, run.total_steps));
    }
    fn step(&mut self, report: &StepReport<'_>) -> ControlFlow<()> {
        assert!(report.gradient_norm > 0.0 && report.so_far()[0].0 == "loss");
        self.steps.push((report.step, report.epoch, report.learning_rate));
        ControlFlow::Continue(())
    }
    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        self.epochs.push((report.epoch, report.loss, report.validation_loss, report.best));
        ControlFlow::Continue(())
    }
    fn end(&mut self, ending: Ending) {
        self.ended = Some(ending);
    }
}

#[test]
fn observers_are_told_everything_and_may_be_several() {
    let (data, test) = (points(10, 22), points(5, 23));
    let (mut one, mut two) = (Listener::default(), Listener::default());
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(4).epochs(2).validate_on(&test);
    let training = training.schedule(StepDecay::new(1, 0.5)).observe(&mut one).observe(&mut two).observe(ProgressBar::new());
    let history = training.run().unwrap();
    assert_eq!(one.begun, Some((10, 3, 6)));
    assert_eq!(one.steps, [(1, 1, 0.1), (2, 1, 0.1), (3, 1, 0.1), (4, 2, 0.05), (5, 2, 0.05), (6, 2, 0.05)]);
    assert_eq!(one.ended, Some(Ending::Epochs));
    assert_eq!((two.steps, two.epochs.len()), (one.steps, 2));
    for (told, epoch) in one.epochs.iter().zip(history.epochs()) {
        assert_eq!((told.0, told.1, told.2), (epoch.number, epoch.train.loss, epoch.validation.as_ref().map(|score| score.loss)));
    }
}

#[test]
fn a_history_is_a_table_and_goes_to_files() {
    let (data, test) = (points(10, 24), points(5, 25));
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(3).validate_on(&test);
    let history = training.measure("sign, right", |y, t| f64::from(u8::from((y[0] > 0.0) == (t[0] > 0.0)))).run().unwrap();
    let right = test.inputs().iter().zip(test.targets()).filter(|(x, t)| (net.predict(x)[0] > 0.0) == (t[0] > 0.0)).count();
    let validation = history.final_epoch().validation.as_ref().unwrap();
    assert_eq!(validation.own("sign, right"), Some(right as f64 / 5.0));
    assert_eq!(validation.own("sign"), None);
    assert_eq!(validation.columns().last(), Some(&("sign, right", right as f64 / 5.0)));
    let names = "epoch,step,learning_rate,gradient_norm,seconds,train_loss,train_rmse,train_mae,train_mape,train_r2,\"train_sign, right\",\
                 validation_loss,validation_rmse,validation_mae,validation_mape,validation_r2,\"validation_sign, right\"";
    let csv = history.to_csv();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines.len()), (names, 4));
    let cells: Vec<f64> = lines[2].split(',').map(|cell| cell.parse().unwrap()).collect();
    assert_eq!(cells, history.rows()[1], "numbers read back exactly");
    let json: serde_json::Value = serde_json::from_str(&history.to_json()).unwrap();
    assert_eq!(json["network"], "Small");
    assert_eq!(json["epochs"][2]["validation"]["rmse"].as_f64(), Some(history.final_epoch().validation.as_ref().unwrap().rmse()));
    assert_eq!(json["epochs"].as_array().unwrap().len(), 3);
    let table = history.to_string();
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(table.lines().next().unwrap().contains("val rmse"), "{table}");
    let header = table.lines().next().unwrap().len();
    assert!(table.lines().all(|line| line.len() >= header && line.len() <= header + 6), "{table}");
}

/// Samples that are made when they are read: is the point above the line?
struct Made(Vec<[f32; 2]>, Vec<bool>);

impl Data for Made {
    type Input = [f32; 2];
    type Target = bool;
    fn len(&self) -> usize {
        self.0.len()
    }
    fn read(&self, index: usize, x: &mut [f32; 2]) {
        *x = self.0[index];
    }
    fn target(&self, index: usize) -> &bool {
        &self.1[index]
    }
}

network! {
    struct Line: [2] -> [1] {
        line: Dense(1),
    }
}

#[test]
fn data_of_ones_own_and_yes_or_no() {
    let mut random = Stream::new(&[32]);
    let points: Vec<[f32; 2]> = (0..200).map(|_| [(); 2].map(|()| f32::from_f64(random.unit()) - 0.5)).collect();
    let above = points.iter().map(|[a, b]| 3.0 * a + 0.2 < *b).collect();
    let data = Made(points, above);
    let mut net = Line::zeros();
    let history = net.train(&data).loss(BinaryCrossEntropy).optimizer(Adam::new(0.1)).epochs(40).run().unwrap();
    let metrics = &history.final_epoch().train;
    assert!(metrics.accuracy() > 0.97 && metrics.f1() > 0.95, "{metrics}");
    assert_eq!(metrics.true_positives + metrics.false_positives + metrics.true_negatives + metrics.false_negatives, 200);
    // The same as one of two classes.
    let classes = Dataset::new(data.0.clone(), data.1.iter().map(|yes| class::<2>(usize::from(*yes))).collect()).unwrap();
    let score = net.evaluate(&classes, BinaryCrossEntropy).unwrap();
    assert_eq!(score.accuracy(), net.evaluate(&data, BinaryCrossEntropy).unwrap().accuracy());
}

#[test]
fn kernels_can_be_chosen() {
    let data = points(10, 26);
    let mut net = Small::new_boxed(1);
    net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).kernels(Kernels::Portable).epochs(1).run().unwrap();
}

fn deep(net: &mut Deep, change: impl for<'a> FnOnce(DeepTraining<'a>) -> DeepTraining<'a>) {
    let data = points(20, 27);
    change(net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(0.05)).batch_size(6).epochs(2)).run().unwrap();
}

type DeepTraining<'a> = nn_core::train::Training<'a, Deep, Two, ChosenLoss<'a, Deep, Two>, ChosenOptimizer<'a, Deep>>;

#[test]
fn a_frozen_part_runs_as_in_use_and_keeps_its_statistics() {
    let start = Deep::new_boxed(1);
    let mut free = Deep::new_boxed(1);
    deep(&mut free, |training| training);
    assert_ne!(bytes(&free.body.bn), bytes(&start.body.bn));
    assert_ne!(bytes(&free.body.bn.running_mean), bytes(&start.body.bn.running_mean));

    let mut net = Deep::new_boxed(1);
    deep(&mut net, |training| training.freeze("body"));
    assert_eq!(bytes(&net.body), bytes(&start.body));
    assert_ne!(bytes(&net.head.bn.running_mean), bytes(&start.head.bn.running_mean));
    assert_ne!(bytes(&net.head.fc), bytes(&start.head.fc));

    // A frozen first layer does not freeze the block that begins with it, nor a frozen weight its layer.
    let mut net = Deep::new_boxed(1);
    deep(&mut net, |training| training.freeze("body.fc").freeze("head.bn.weight"));
    assert_eq!(bytes(&net.body.fc), bytes(&start.body.fc));
    assert_eq!(bytes(&net.head.bn.weight), bytes(&start.head.bn.weight));
    assert_ne!(bytes(&net.body.bn.running_mean), bytes(&start.body.bn.running_mean));
    assert_ne!(bytes(&net.head.bn.running_mean), bytes(&start.head.bn.running_mean));
    assert_ne!(bytes(&net.head.bn.bias), bytes(&start.head.bn.bias));

    // All that is random or of the batch lies in frozen parts: training and use give the same.
    let data = points(20, 27);
    let mut net = Deep::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(6).epochs(1);
    let frozen = training.freeze("body").freeze("head").run().unwrap().final_epoch().train.loss;
    assert!((net.evaluate(&data, MeanSquaredError).unwrap().loss - frozen).abs() < 1e-14);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.0)).batch_size(6).epochs(1);
    assert!((training.run().unwrap().final_epoch().train.loss - frozen).abs() > 1e-4);
}

#[test]
fn a_resumed_run_goes_on_with_statistics_and_dropout() {
    let data = points(20, 28);
    let file = Temporary::new("deep");
    let run = |net: &mut Deep, resume: bool, stop: u64| {
        let training = net.train(&data).loss(MeanSquaredError).optimizer(AdamW::new(0.01)).batch_size(6).epochs(4);
        let training = if resume { training.resume(&file.0) } else { training.checkpoint(&file.0) };
        training.observe(StopAt { step: stop, epoch: 0 }).run().unwrap()
    };
    let mut whole = Deep::new_boxed(1);
    let expected = run(&mut whole, false, 0);
    let mut first = Deep::new_boxed(1);
    run(&mut first, false, 6);
    let mut second = Deep::new_boxed(5);
    let resumed = run(&mut second, true, 0);
    assert_eq!(bytes(&*second), bytes(&*whole));
    assert_eq!(numbers(&resumed), numbers(&expected));
}

#[test]
fn a_last_sample_that_has_no_statistics_joins_the_batch_before() {
    let data = points(7, 29);
    let mut net = Deep::new_boxed(1);
    let history = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.01)).batch_size(3).epochs(1).run().unwrap();
    assert_eq!(history.final_epoch().step, 2, "3 and 4 samples");
    assert_eq!(history.final_epoch().train.samples(), 7);
    assert_eq!(net.body.bn.num_batches_tracked, 2);
    let error = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.01)).batch_size(1).run().unwrap_err();
    assert!(error.to_string().starts_with("a batch of 1, but the network has a layer that takes statistics"), "{error}");
    let one = points(1, 30);
    let error = net.train(&one).loss(MeanSquaredError).optimizer(Sgd::new(0.01)).run().unwrap_err();
    assert!(error.to_string().starts_with("1 samples, but the network has a layer that takes statistics"), "{error}");
}

#[test]
fn no_large_array_passes_through_the_stack() {
    // A thread with the stack that it has by default: 2 MiB, which is less than the network's 2.7 MB.
    let trained = std::thread::spawn(|| {
        let samples = 132;
        let mut inputs = nn_core::plain::vec::<[f32; 784]>(samples);
        let mut random = Stream::new(&[1]);
        for x in inputs.as_flattened_mut() {
            *x = if random.bits().is_multiple_of(4) { 1.0 } else { 0.0 };
        }
        let all = Dataset::new(inputs, (0..samples).map(|i| class(i % 10)).collect::<Vec<Class<10>>>()).unwrap();
        let (data, test) = all.split_at(128).unwrap();
        let file = Temporary::new("wide");
        let mut net = Wide::new_boxed(1);
        let training = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-3)).batch_size(128).epochs(1);
        let history = training.validate_on(&test).stop_early(Patience(1)).checkpoint(&file.0).run().unwrap();
        history.final_epoch().train.loss
    });
    assert!(trained.join().unwrap().is_finite());
}
