//! The training loop: mini-batches, epochs, validation, stopping rules, schedules, checkpoints.
//!
//! ```
//! # #[cfg(feature = "macros")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use nn_core::prelude::*;
//!
//! network! {
//!     struct Parity: [2] -> [2] {
//!         hidden: Dense(8),
//!         Tanh,
//!         logits: Dense(2),
//!     }
//! }
//!
//! let (odd, even) = (Class::new(1).unwrap(), Class::new(0).unwrap());
//! let data = Dataset::new(vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], vec![even, odd, odd, even])?;
//! let mut net = Parity::new_boxed(1);
//! let history = net.train(&data)
//!     .loss(CrossEntropy)
//!     .optimizer(Adam::new(0.1))
//!     .epochs(100)
//!     .stop_early(Patience(20))
//!     .run()?;
//! println!("{history}");
//! assert_eq!(net.classify(&[0.0, 1.0]), odd);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "macros"))]
//! # fn main() {}
//! ```
//!
//! Everything that is random belongs to a key (seed, purpose, epoch or step, sample), and schedules and stopping rules are functions of what
//! the epochs gave. So the same seed gives the same result, and a run that is resumed from a checkpoint goes on as if it had never been
//! interrupted, bit for bit where the kernels are the same.

mod batch;
mod by_hand;
mod called;
mod checkpoint;
mod error;
mod evaluate;
mod history;
mod pace;
mod parts;
mod passes;
mod run;
mod state;
mod stop;

pub use crate::observe::Ending;
pub use by_hand::{Gradients, Updates};
pub use called::{BatchLoss, RunOptimizer};
pub use checkpoint::CheckpointError;
pub use error::{NoScore, NotFinite, Spoilt, TrainError, What};
pub use history::{Epoch, History};
pub use stop::{GradientBelow, LossChangeBelow, Patience, SoFar, StoppingRule};

use core::fmt;
use std::boxed::Box;
use std::path::PathBuf;
use std::string::String;
use std::vec::Vec;

use crate::Threads;
use crate::data::{Data, Fits};
use crate::loss::Loss;
use crate::metric::{Score, Target};
use crate::observe::Observer;
use crate::optimizer::{Clip, Optimizer};
use crate::random::Stream;
use crate::schedule::Schedule;
use crate::{Kernels, Learning, Learns, LearnsInBatches, Network};

/// The metrics of data: what their targets' type asks for.
pub type MetricsOf<D> = <<D as Data>::Target as Target>::Metrics;

/// Training and evaluation, for every network.
pub trait Train: Network {
    /// Begins to say how to train on `data`: a [`Training`]. Nothing happens before [`Training::run`].
    ///
    /// Defaults: batches of 32, 10 epochs, seed 0, shuffled anew for every epoch, the last batch of an epoch smaller where the samples do
    /// not divide.
    fn train<'a, D>(&'a mut self, data: &'a D) -> <MetricsOf<D> as Measured>::Training<'a, Self, D>
    where
        Self::Learning: CanLearn,
        D: Data,
        D::Input: Fits<Self::Input>,
    {
        Training {
            net: self,
            data,
            loss: NoLoss,
            optimizer: NoOptimizer,
            options: Options {
                read: |data, index, x| data.read(index, <D::Input as Fits<Self::Input>>::same(x)),
                validation: None,
                batch_size: 32,
                epochs: None,
                max_steps: None,
                schedule: None,
                rules: Vec::new(),
                observers: Vec::new(),
                clips: Vec::new(),
                seed: 0,
                in_order: false,
                augment: None,
                own: Vec::new(),
                freeze: Vec::new(),
                rates: Vec::new(),
                decays: parts::Decays::default(),
                kernels: Kernels::detect(),
                threads: Some(Threads::ALL),
                checkpoint: None,
                checkpoint_every: None,
                resume: None,
            },
        }
    }

    /// Loss and metrics over `data`, as in use: no dropout, running statistics.
    ///
    /// # Errors
    /// [`TrainError::NoSamples`]; [`TrainError::Setting`] of a loss whose settings make no sense; [`TrainError::Target`] and
    /// [`TrainError::Weight`] of a sample that the loss means nothing for; [`TrainError::NoScore`], which names the first sample whose loss is infinite or not a number.
    fn evaluate<D, L>(&self, data: &D, loss: L) -> Result<Score<MetricsOf<D>>, TrainError>
    where
        D: Data,
        D::Input: Fits<Self::Input>,
        L: Loss<Self::Kind, Self::Output, D::Target>,
    {
        loss.check()?;
        evaluate::check_targets::<Self::Kind, _, _>(&loss, data, "data")?;
        let read = |data: &D, index: usize, x: &mut Self::Input| data.read(index, <D::Input as Fits<Self::Input>>::same(x));
        evaluate::Evaluation::new(data.len().min(EVALUATION_BATCH)).score(
            self,
            data,
            read,
            &loss,
            &[],
            Kernels::detect().on(Threads::ALL),
            "data",
        )
    }
}

/// Samples at once where no batch size is given.
const EVALUATION_BATCH: usize = 64;

impl<N: Network> Train for N {}

/// The mark of networks that can learn.
#[diagnostic::on_unimplemented(
    message = "this network can predict, but not be trained: it is marked `{Self}`",
    label = "this network only predicts",
    note = "`OnlyPredicts`: it has a `Step`, whose gradient is zero everywhere; train it with `Sigmoid` or `HardSigmoid` instead, and copy the weights",
    note = "`Folded`: its normalisation is folded for use; train the network that it is folded from, and fold that again; as a part of another network, freeze it (`#[frozen]`)",
    note = "where the network is any `N: Network`, say `N: Network<Learning = Learns>`"
)]
pub trait CanLearn: Learning {}
impl CanLearn for Learns {}
impl CanLearn for LearnsInBatches {}

/// No loss is chosen yet.
#[derive(Clone, Copy, Debug)]
pub struct NoLoss;

/// No optimizer is chosen yet.
#[derive(Clone, Copy, Debug)]
pub struct NoOptimizer;

/// That a loss is chosen.
#[diagnostic::on_unimplemented(
    message = "this run has no loss",
    label = "`.loss(…)` is missing before `.run()`",
    note = "a loss says how wrong an output is: `.loss(CrossEntropy)` for classes, `.loss(MeanSquaredError)` for quantities"
)]
pub trait HasLoss<N: Network, D: Data> {
    /// The loss.
    fn get(&self) -> &dyn BatchLoss<N::Kind, N::Output, D::Target>;
}

/// The loss that was chosen.
///
/// It is behind a pointer, called once a batch: so a loss that does not fit is reported where it is chosen, and not again at
/// [`Training::run`], and the loop is compiled once for a network and its data, whatever it learns by.
#[derive(Debug)]
pub struct ChosenLoss<'a, N: Network, D: Data>(Box<dyn BatchLoss<N::Kind, N::Output, D::Target> + 'a>);

#[diagnostic::do_not_recommend]
impl<N: Network, D: Data> HasLoss<N, D> for ChosenLoss<'_, N, D> {
    fn get(&self) -> &dyn BatchLoss<N::Kind, N::Output, D::Target> {
        &*self.0
    }
}

/// That an optimizer is chosen.
#[diagnostic::on_unimplemented(
    message = "this run has no optimizer",
    label = "`.optimizer(…)` is missing before `.run()`",
    note = "an optimizer changes the parameters against the gradient: `.optimizer(Adam::new(1e-3))`"
)]
pub trait HasOptimizer<N: Network> {
    /// The optimizer.
    fn get(&self) -> &dyn RunOptimizer<N::Scalar>;
}

/// The optimizer that was chosen; as [`ChosenLoss`].
#[derive(Debug)]
pub struct ChosenOptimizer<'a, N: Network>(Box<dyn RunOptimizer<N::Scalar> + 'a>);

#[diagnostic::do_not_recommend]
impl<N: Network> HasOptimizer<N> for ChosenOptimizer<'_, N> {
    fn get(&self) -> &dyn RunOptimizer<N::Scalar> {
        &*self.0
    }
}

/// Of every metric: what [`Train::train`] gives is said by way of the targets' metrics, so that where targets have none, that is reported
/// and nothing that follows `.train(…)`.
pub trait Measured {
    /// [`Training`].
    type Training<'a, N: Network + 'a, D: Data + 'a>;
}

#[diagnostic::do_not_recommend]
impl<M> Measured for M {
    type Training<'a, N: Network + 'a, D: Data + 'a> = Training<'a, N, D>;
}

/// How to train: what [`Train::train`] begins and [`Training::run`] does.
#[must_use = "nothing is trained before `.run()`"]
pub struct Training<'a, N: Network, D: Data, L = NoLoss, O = NoOptimizer> {
    net: &'a mut N,
    data: &'a D,
    loss: L,
    optimizer: O,
    options: Options<'a, N, D>,
}

type Read<N, D> = fn(&D, usize, &mut <N as crate::Layer>::Input);
type Augment<'a, X> = Box<dyn FnMut(&mut X, &mut Stream) + 'a>;
type Measure<'a, Y, T> = (String, Box<dyn Fn(&Y, &T) -> f64 + 'a>);

/// Everything but the loss and the optimizer, whose types the run is generic in.
struct Options<'a, N: Network, D: Data> {
    read: Read<N, D>,
    validation: Option<&'a D>,
    batch_size: usize,
    epochs: Option<u64>,
    max_steps: Option<u64>,
    schedule: Option<Box<dyn Schedule + 'a>>,
    rules: Vec<Box<dyn StoppingRule + 'a>>,
    observers: Vec<Box<dyn Observer + 'a>>,
    clips: Vec<Clip>,
    seed: u64,
    in_order: bool,
    augment: Option<Augment<'a, N::Input>>,
    own: Vec<Measure<'a, N::Output, D::Target>>,
    freeze: Vec<String>,
    rates: Vec<(String, f64)>,
    decays: parts::Decays,
    kernels: Kernels,
    /// `None`: none, which is a mistake.
    threads: Option<Threads>,
    checkpoint: Option<PathBuf>,
    checkpoint_every: Option<u64>,
    resume: Option<PathBuf>,
}

impl<N: Network, D: Data, L, O> fmt::Debug for Training<'_, N, D, L, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "training of {} on {} samples in batches of {}", N::NAME, self.data.len(), self.options.batch_size)
    }
}

impl<'a, N: Network, D: Data, L, O> Training<'a, N, D, L, O> {
    /// How wrong an output is.
    pub fn loss<New>(self, loss: New) -> Training<'a, N, D, ChosenLoss<'a, N, D>, O>
    where
        New: Loss<N::Kind, N::Output, D::Target> + 'a,
    {
        let Self { net, data, loss: _, optimizer, options } = self;
        Training { net, data, loss: ChosenLoss(Box::new(loss)), optimizer, options }
    }

    /// How parameters follow from gradients.
    pub fn optimizer<New>(self, optimizer: New) -> Training<'a, N, D, L, ChosenOptimizer<'a, N>>
    where
        New: Optimizer<N::Scalar> + 'a,
    {
        let Self { net, data, loss, optimizer: _, options } = self;
        Training { net, data, loss, optimizer: ChosenOptimizer(Box::new(optimizer)), options }
    }

    /// Samples in one update; 32 by default.
    pub fn batch_size(mut self, samples: usize) -> Self {
        self.options.batch_size = samples;
        self
    }

    /// Passes over the data; 10 by default, and without end where [`Training::max_steps`] is given alone.
    pub fn epochs(mut self, epochs: u64) -> Self {
        self.options.epochs = Some(epochs);
        self
    }

    /// Ends the run after so many updates, in the midst of an epoch where they are over there.
    pub fn max_steps(mut self, steps: u64) -> Self {
        self.options.max_steps = Some(steps);
        self
    }

    /// How the learning rate changes during the run.
    pub fn schedule(mut self, schedule: impl Schedule + 'a) -> Self {
        self.options.schedule = Some(Box::new(schedule));
        self
    }

    /// Evaluates on these data after every epoch; nothing is learned from them. A sample whose loss is not finite ends the run.
    pub fn validate_on(mut self, data: &'a D) -> Self {
        self.options.validation = Some(data);
        self
    }

    /// When to end before the last epoch; may be called again, and the first rule that says so ends the run.
    pub fn stop_early(mut self, rule: impl StoppingRule + 'a) -> Self {
        self.options.rules.push(Box::new(rule));
        self
    }

    /// Whom to tell how it goes; may be called again. `&mut observer` is an observer too, to be looked at afterwards.
    pub fn observe(mut self, observer: impl Observer + 'a) -> Self {
        self.options.observers.push(Box::new(observer));
        self
    }

    /// The seed of everything random in the run: order, augmentation, dropout. Same seed, same result.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Bounds the gradient before every update. A norm is that of everything that learns; called again, the next clip is applied to what the
    /// one before left, with the norm that the gradient had before all of them.
    pub fn clip(mut self, clip: Clip) -> Self {
        self.options.clips.push(clip);
        self
    }

    /// Takes the samples as they come, instead of in another random order every epoch.
    pub fn in_order(mut self) -> Self {
        self.options.in_order = true;
        self
    }

    /// Changes a copy of each sample's input before it is learned from; the random numbers belong to the seed, the epoch and the sample.
    pub fn augment(mut self, change: impl FnMut(&mut N::Input, &mut Stream) + 'a) -> Self {
        self.options.augment = Some(Box::new(change));
        self
    }

    /// One more column beside the metrics: the mean over the samples of what `measure` says of an output and its target.
    pub fn measure(mut self, name: impl Into<String>, measure: impl Fn(&N::Output, &D::Target) -> f64 + 'a) -> Self {
        self.options.own.push((name.into(), Box::new(measure)));
        self
    }

    /// Keeps the part or tensor with this key as it is: no update, running statistics unmoved, no dropout. May be called again.
    pub fn freeze(mut self, prefix: impl Into<String>) -> Self {
        self.options.freeze.push(prefix.into());
        self
    }

    /// A factor on the learning rate of the part or tensor with this key. May be called again; of several that hold, the longest key counts.
    pub fn learning_rate_for(mut self, prefix: impl Into<String>, factor: f64) -> Self {
        self.options.rates.push((prefix.into(), factor));
        self
    }

    /// The weight decay of the part or tensor with this key, or of the tensors whose keys end in this word, instead of the optimizer's:
    /// `.weight_decay_for("body", 0.1).weight_decay_for("bias", 0.0)`. May be called again; of several that hold, a tensor's whole key counts
    /// before its last word, and that before a part, the longest first.
    pub fn weight_decay_for(mut self, key: impl Into<String>, decay: f64) -> Self {
        self.options.decays.keys.push((key.into(), decay));
        self
    }

    /// No weight decay on biases and on the factors of normalisations, as most recipes have it: they say where values lie, not how much the
    /// network relies on an input. These are all parameters with one dimension (slopes of `PRelu` among them), and those of `BatchNorm` and
    /// `LayerNorm`. [`Training::weight_decay_for`] counts before this.
    pub fn no_weight_decay_on_norms_and_biases(mut self) -> Self {
        self.options.decays.exempts = true;
        self
    }

    /// Which kernels to run; the fastest that this machine has by default.
    pub fn kernels(mut self, kernels: Kernels) -> Self {
        self.options.kernels = kernels;
        self
    }

    /// On how many threads to compute, of those of rayon's pool (`RAYON_NUM_THREADS`, or your own where the run is inside of its `install`);
    /// with the feature `threads`. By default the run finds out what is fastest: now and then it makes some steps on more threads or on fewer,
    /// and keeps to what takes less time. How much several gain depends on where the system puts them, and that may change.
    ///
    /// They share what is large enough to be faster so, from about 3 µs on: products, convolutions, pools, activations and updates. The
    /// result is the same, to the bit, however many there are, and a checkpoint may be resumed with others. [`Kernels::Portable`], which is the
    /// reference, runs on one thread, and so do the products and convolutions of `f64`.
    #[cfg(feature = "threads")]
    pub fn threads(mut self, threads: usize) -> Self {
        self.options.threads = Threads::exactly(threads);
        self
    }

    /// Writes all that is needed to go on, after every epoch and at the end, to this file (first beside it, so that there is always a whole
    /// one).
    pub fn checkpoint(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.checkpoint = Some(path.into());
        self
    }

    /// Writes the checkpoint after so many updates, too.
    pub fn checkpoint_every(mut self, steps: u64) -> Self {
        self.options.checkpoint_every = Some(steps);
        self
    }

    /// Goes on where the run stood that wrote this checkpoint: the result is the one that it would have had if it had never been interrupted,
    /// bit for bit. The network's own parameters are overwritten.
    ///
    /// Network, data, settings and kernels must be the same, else the run is refused with what differs. Observers may differ, and so may the
    /// number of epochs or updates where no schedule depends on it.
    pub fn resume(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.resume = Some(path.into());
        self
    }

    /// Trains.
    ///
    /// # Errors
    /// [`TrainError`]: settings that make no sense, a loss or gradient that is not finite (the network then has the parameters of the last
    /// good epoch), a checkpoint that cannot be written or continued. Settings are checked before anything is changed.
    pub fn run(self) -> Result<History<MetricsOf<D>>, TrainError>
    where
        L: HasLoss<N, D>,
        O: HasOptimizer<N>,
    {
        let Self { net, data, loss, optimizer, options } = self;
        run::Session::new(net, data, loss.get(), optimizer.get(), options)?.run()
    }
}
