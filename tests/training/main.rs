//! The training loop, end to end.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::wildcard_imports, reason = "the parts of one test share networks and data")]

mod decays;
mod ending;
mod faults;
mod learning;
mod metrics;
mod resuming;
mod statistics;
mod targets;
mod watching;

use core::ops::ControlFlow;
use std::path::PathBuf;

use nn_core::data::Data;
use nn_core::metric::{Columns, Numeric};
use nn_core::observe::{EpochReport, StepReport};
use nn_core::prelude::*;
use nn_core::train::{ChosenLoss, ChosenOptimizer, Ending, NoScore, NotFinite, Spoilt, TrainError, What};

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

/// Points with two targets.
type Two = Dataset<[f64; 3], [f64; 2]>;

type Training<'a> = nn_core::train::Training<'a, Small, Two, ChosenLoss<'a, Small, Two>, ChosenOptimizer<'a, Small>>;

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
