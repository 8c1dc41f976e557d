//! Six small networks: a training step, the latency of one sample, and the throughput of 256.
//!
//! ```text
//! cargo bench --bench workloads                                  a table
//! cargo bench --bench workloads -- --json                        one line of JSON a measurement
//! cargo bench --bench workloads -- --only T4,T6 --modes train    some of them
//! cargo bench --bench workloads -- --threads 2                   on two threads; pin it to two processors: `taskset -c 0-1`
//! ```
//!
//! Environment: `BENCH_THREADS`, `BENCH_ONLY`, `BENCH_MODES` (as the arguments), `BENCH_SECS` (length of an attempt), `BENCH_PEAK` (see
//! `protocol.rs`). `benches/compare` runs other libraries beside it.

mod peak;
mod protocol;

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use nn_core::loss::Loss;
use nn_core::prelude::*;
use nn_core::train::{CanLearn, Gradients, TrainError, Updates};
use nn_core::{One, Scratch, plain};
use protocol::{Chunk, Measured, Protocol};

network! {
    struct Xor: [2] -> [1] {
        hidden: Dense(8),
        Tanh,
        output: Dense(1),
        Sigmoid,
    }
}

network! {
    struct Forecaster: [56] -> [1] {
        fc1: Dense(100),
        Relu,
        fc2: Dense(100),
        Relu,
        fc3: Dense(100),
        Relu,
        output: Dense(1),
    }
}

network! {
    struct Digits: [64] -> [10] {
        hidden: Dense(32),
        Relu,
        logits: Dense(10),
    }
}

network! {
    struct Mlp: [784] -> [10] {
        hidden: Dense(128),
        Relu,
        logits: Dense(10),
    }
}

network! {
    struct Deep: [784] -> [10] {
        fc1: Dense(512),
        Relu,
        fc2: Dense(512),
        Relu,
        logits: Dense(10),
    }
}

network! {
    struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5),
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5),
        Relu,
        MaxPool2d(2),
        Flatten,
        fc1: Dense(120),
        Relu,
        fc2: Dense(84),
        Relu,
        logits: Dense(10),
    }
}

/// Distinct mini-batches that training goes through again and again.
const BATCHES: usize = 16;

fn main() -> ExitCode {
    let options = match Options::read(env::args().skip(1)) {
        Ok(options) => options,
        Err(fault) => {
            eprintln!("{fault}\nusage: cargo bench --bench workloads -- [--json] [--threads N] [--only T4,T6] [--modes train,lat1,thr256]");
            return ExitCode::from(2);
        }
    };
    // `predict_batch` takes the pool that there is.
    if let Err(error) = rayon_core::ThreadPoolBuilder::new().num_threads(options.threads).build_global() {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    if !options.json {
        println!(
            "{:15} {:7} {:>5} {:>15} {:>15}  {:10} {:>9} {:>10}",
            "workload", "mode", "batch", "quiet", "median", "", "reference", "of it"
        );
    }
    match all(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn all(options: &Options) -> Result<(), TrainError> {
    let (sgd, adam) = (Sgd::new(1e-3), Adam::new(1e-4));
    // The multiply-adds of each first layer, whose gradient by the input nobody needs.
    Workload::<Xor>::new("T1_xor", 16, options).run(4, &MeanSquaredError, sgd, Random::number)?;
    Workload::<Forecaster>::new("T2_forecaster", 5_600, options).run(32, &MeanSquaredError, sgd, Random::number)?;
    Workload::<Digits>::new("T3_digits", 2_048, options).run(32, &CrossEntropy, sgd.momentum(0.9), Random::class)?;
    Workload::<Mlp>::new("T4_mnist_mlp", 100_352, options).run(64, &CrossEntropy, sgd, Random::class)?;
    Workload::<Deep>::new("T5_mnist_deep", 401_408, options).run(128, &CrossEntropy, adam, Random::class)?;
    Workload::<LeNet5>::new("T6_lenet5", 86_400, options).run(32, &CrossEntropy, adam, Random::class)?;
    Workload::<LeNet5>::new("T6_lenet5_b128", 86_400, options).train(128, &CrossEntropy, adam, Random::class)
}

/// A network under its name in the tables.
struct Workload<'a, N> {
    name: &'static str,
    first_macs: usize,
    options: &'a Options,
    net: Box<N>,
}

impl<'a, N: Network<Scalar = f32>> Workload<'a, N>
where
    N::Learning: CanLearn,
{
    fn new(name: &'static str, first_macs: usize, options: &'a Options) -> Self {
        Self { name, first_macs, options, net: N::new_boxed(1) }
    }

    fn run<T, L, O>(mut self, batch: usize, loss: &L, optimizer: O, target: fn(&mut Random) -> T) -> Result<(), TrainError>
    where
        L: Loss<N::Kind, N::Output, T>,
        O: Optimizer<f32>,
    {
        self.train(batch, loss, optimizer, target)?;
        self.one();
        self.many(256);
        Ok(())
    }

    /// Forward, loss, backward and update on batches that lie ready.
    fn train<T, L, O>(&mut self, batch: usize, loss: &L, optimizer: O, target: fn(&mut Random) -> T) -> Result<(), TrainError>
    where
        L: Loss<N::Kind, N::Output, T>,
        O: Optimizer<f32>,
    {
        if !self.options.wants(self.name, "train") {
            return Ok(());
        }
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let batches: Vec<_> =
            (0..BATCHES).map(|_| (random.inputs::<N>(batch), (0..batch).map(|_| target(&mut random)).collect::<Vec<_>>())).collect();
        // On as many threads as are found to be fastest, of those of the pool.
        let mut gradients = Gradients::<N>::new();
        let mut updates = Updates::<N, O>::new(optimizer)?;
        let net = &mut self.net;
        let measured = self.options.protocol.measure(Chunk::Throughput, &mut |i| {
            let (x, targets) = &batches[i % BATCHES];
            black_box(gradients.set(net, x, targets, loss));
            updates.apply(net, &gradients);
        });
        self.print("train", batch, 3 * N::MACS - self.first_macs, &measured);
        Ok(())
    }

    /// One sample at a time.
    fn one(&self) {
        if self.options.wants(self.name, "lat1") {
            let x = Random(7).inputs::<N>(1);
            let mut y = N::Output::ZEROED;
            let mut workspace = N::Workspace::<One>::new();
            let measured = self.options.protocol.measure(Chunk::Latency, &mut |_| {
                self.net.predict_into(black_box(&x[0]), &mut y, &mut workspace);
                black_box(&mut y);
            });
            self.print("lat1", 1, N::MACS, &measured);
        }
    }

    /// Many samples in a call.
    fn many(&self, batch: usize) {
        if self.options.wants(self.name, "thr256") {
            let x = Random(7).inputs::<N>(batch);
            let mut y = plain::vec::<N::Output>(batch);
            let measured = self.options.protocol.measure(Chunk::Throughput, &mut |_| {
                let done = self.net.predict_batch(black_box(&x), &mut y);
                assert!(done.is_ok(), "as many outputs as inputs");
                black_box(&mut y);
            });
            self.print("thr256", batch, N::MACS, &measured);
        }
    }

    /// `macs`: nominal multiply-adds a sample.
    fn print(&self, mode: &str, batch: usize, macs: usize, measured: &Measured) {
        let Measured { quiet, median, reference, steps } = *measured;
        let (unit, value): (_, fn(f64, usize) -> f64) =
            if mode == "lat1" { ("ns/call", |time, _| time * 1e9) } else { ("samples/s", |time, batch| batch as f64 / time) };
        let (name, value, middle) = (self.name, value(quiet, batch), value(median, batch));
        if self.options.json {
            println!(
                r#"{{"peer":"nn","version":"{}","mode":"{mode}","workload":"{name}","batch":{batch},"threads":{},"value":{value:.4},"median":{middle:.4},"unit":"{unit}","spread":{:.4},"ref":{reference:.1},"iters":{steps}}}"#,
                env!("CARGO_PKG_VERSION"),
                self.options.threads,
                median / quiet - 1.0,
            );
        } else {
            let share = 2e-7 * (macs * batch) as f64 / quiet / reference;
            println!("{name:15} {mode:7} {batch:>5} {value:>15.1} {middle:>15.1}  {unit:10} {reference:>9.1} {share:>8.1} %");
        }
    }
}

/// What the arguments and the environment ask for.
struct Options {
    json: bool,
    threads: usize,
    /// Parts of names; nothing means all.
    only: Vec<String>,
    /// Nothing means all.
    modes: Vec<String>,
    protocol: Protocol,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let number = |name: &str, otherwise: f64| match env::var(name) {
            Ok(text) => text.parse().map_err(|_| format!("{name}={text} is no number")),
            Err(_) => Ok(otherwise),
        };
        let list = |text: &str| text.split(',').filter(|part| !part.is_empty()).map(String::from).collect();
        let threads = |text: &str| text.parse().map_err(|_| format!("{text} is no number of threads"));
        let mut options = Self {
            json: false,
            threads: threads(&env::var("BENCH_THREADS").unwrap_or("1".into()))?,
            only: list(&env::var("BENCH_ONLY").unwrap_or_default()),
            modes: list(&env::var("BENCH_MODES").unwrap_or_default()),
            protocol: Protocol { seconds: number("BENCH_SECS", 0.6)?, peak: number("BENCH_PEAK", peak::best_gflops())? },
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match &*argument {
                "--bench" => {} // cargo's own
                "--json" => options.json = true,
                "--threads" => options.threads = threads(&value()?)?,
                "--only" => options.only = list(&value()?),
                "--modes" => options.modes = list(&value()?),
                _ => return Err(format!("{argument} is not known")),
            }
        }
        Ok(options)
    }

    fn wants(&self, workload: &str, mode: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|part| workload.contains(part.as_str())))
            && (self.modes.is_empty() || self.modes.iter().any(|wanted| wanted == mode))
    }
}

/// Xorshift numbers (Marsaglia 2003), as every library in the comparison gets them.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to 1.
    fn uniform(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / 16_777_216.0
    }

    fn number(&mut self) -> [f32; 1] {
        [self.uniform()]
    }

    fn class(&mut self) -> Class<10> {
        Class::new((self.bits() >> 33) as usize % 10).expect("below ten")
    }

    fn inputs<N: Network<Scalar = f32>>(&mut self, n: usize) -> Vec<N::Input> {
        let mut inputs = plain::vec::<N::Input>(n);
        for x in N::Input::flatten_mut(&mut inputs) {
            *x = self.uniform();
        }
        inputs
    }
}
