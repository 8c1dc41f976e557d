//! What can go wrong in training.

use core::fmt;
use std::boxed::Box;
use std::string::String;
use std::vec::Vec;

use super::CheckpointError;
use crate::SettingError;
use crate::loss::TargetError;

/// What went wrong in training, where, and how to mend it.
#[non_exhaustive]
pub enum TrainError {
    /// No epochs were asked for.
    NoEpochs,
    /// No updates were asked for.
    NoSteps,
    /// A batch of no samples.
    EmptyBatch,
    /// No threads to compute on.
    NoThreads,
    /// `checkpoint_every` without `checkpoint`, or every 0 updates.
    NoCheckpoint,
    /// Data without samples.
    NoSamples {
        /// `training data`, `validation data`, or `data`.
        what: &'static str,
    },
    /// Batches smaller than the network can train on.
    SmallBatch {
        /// The batch size.
        batch_size: usize,
        /// The fewest samples that a batch must have.
        least: usize,
    },
    /// Fewer samples than one batch must have.
    FewSamples {
        /// The samples.
        samples: usize,
        /// The fewest samples that a batch must have.
        least: usize,
    },
    /// No part or tensor of the network has such a key.
    UnknownPrefix {
        /// What was asked for.
        prefix: String,
        /// The parts that the network has.
        known: Vec<String>,
    },
    /// A factor on a part's learning rate that is negative or not finite.
    RateFactor {
        /// The part.
        prefix: String,
        /// The factor.
        factor: f64,
    },
    /// A part's weight decay that is negative or not finite.
    WeightDecay {
        /// The part.
        prefix: String,
        /// The weight decay.
        decay: f64,
    },
    /// A weight decay of a part's own, with an optimizer that does not know weight decay.
    NoWeightDecay {
        /// The optimizer, as `Debug` prints it.
        optimizer: String,
    },
    /// A learning rate that is negative or not finite.
    Rate {
        /// The rate, after the schedule.
        rate: f64,
        /// The update.
        step: u64,
    },
    /// Everything is frozen.
    NothingLearns,
    /// A layer whose `SPEC` does not describe it.
    Spec {
        /// The tensor's key.
        key: String,
    },
    /// The loss, a gradient or a parameter is infinite or not a number, or the validation loss.
    NotFinite(Box<NotFinite>),
    /// The loss of a sample that [`Train::evaluate`](super::Train::evaluate) came upon is infinite or not a number.
    NoScore(NoScore),
    /// A target that the loss means nothing for; nothing was trained.
    Target {
        /// `training data`, `validation data`, or `data`.
        what: &'static str,
        /// The sample, counted from 0 in the order of the data.
        sample: usize,
        /// What is wrong with it.
        error: TargetError,
    },
    /// A sample's weight that is negative or not finite; nothing was trained.
    Weight {
        /// `training data`, `validation data`, or `data`.
        what: &'static str,
        /// The sample, counted from 0 in the order of the data.
        sample: usize,
        /// Its weight.
        weight: f32,
    },
    /// A setting of the loss, the optimizer, the schedule or a clip that makes no sense.
    Setting(SettingError),
    /// A checkpoint that could not be written, read or continued.
    Checkpoint(CheckpointError),
}

/// Where numbers ceased to be finite. The network holds the parameters of the last good epoch again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFinite {
    /// What is not finite.
    pub what: What,
    /// The epoch, counted from 1.
    pub epoch: u64,
    /// The update, counted from 1: the one that was not made, or the last one for [`What::Validation`] and for [`What::Parameter`] found after
    /// an epoch.
    pub step: u64,
    /// The key of the layer where it seems to have begun; empty for [`What::Target`] and [`What::Validation`].
    pub layer: String,
}

/// What is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// The input of a sample.
    Input {
        /// The sample, counted from 0 in the order of the data.
        sample: usize,
    },
    /// The loss of a sample whose output is finite: its target or weight is not.
    Target {
        /// The sample, counted from 0 in the order of the data.
        sample: usize,
    },
    /// The loss.
    Loss,
    /// A gradient, though the loss is finite.
    Gradient,
    /// A parameter or a running statistic.
    Parameter,
    /// The loss of a sample of the validation data, after the epoch.
    Validation(NoScore),
}

/// A sample that is only evaluated, whose loss is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoScore {
    /// The sample, counted from 0 in the order of the data.
    pub sample: usize,
    /// Where it began.
    pub from: Spoilt,
}

/// The first of what a loss is made of that is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// The sample's input.
    Input,
    /// The network's output, though the input is finite.
    Output,
    /// The loss, though the output is finite: of the sample's target or weight.
    Target,
}

/// As `Display`: `fn main() -> Result<(), …>` prints an error this way.
impl fmt::Debug for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEpochs => f.write_str("no epochs: `.epochs(n)` takes at least 1"),
            Self::NoSteps => f.write_str("no updates: `.max_steps(n)` takes at least 1"),
            Self::NoCheckpoint => {
                f.write_str("`checkpoint_every` writes nothing: name the file with `checkpoint`, and give it a number of updates above 0")
            }
            Self::EmptyBatch => f.write_str("a batch of no samples: `.batch_size(n)` takes at least 1"),
            Self::NoThreads => f.write_str("no threads to compute on: `.threads(n)` takes at least 1"),
            Self::NoSamples { what } => write!(f, "the {what} hold no samples"),
            Self::SmallBatch { batch_size, least } => write!(
                f,
                "a batch of {batch_size}, but the network has a layer that takes statistics over the batch: use `.batch_size({least})` or more"
            ),
            Self::FewSamples { samples, least } => write!(
                f,
                "{samples} samples, but the network has a layer that takes statistics over a batch of at least {least}: give more samples, or mark that layer `#[frozen]`"
            ),
            Self::UnknownPrefix { prefix, known } => {
                write!(f, "the network has no part `{prefix}`; it has")?;
                for (i, part) in known.iter().enumerate() {
                    write!(f, "{} `{part}`", if i == 0 { "" } else { "," })?;
                }
                Ok(())
            }
            Self::RateFactor { prefix, factor } => {
                write!(f, "`.learning_rate_for(\"{prefix}\", {factor})`: the factor must be finite and at least 0")
            }
            Self::WeightDecay { prefix, decay } => {
                write!(f, "`.weight_decay_for(\"{prefix}\", {decay})`: the weight decay must be finite and at least 0")
            }
            Self::NoWeightDecay { optimizer } => {
                write!(
                    f,
                    "`{optimizer}` does not know weight decay: leave out `weight_decay_for` and `no_weight_decay_on_norms_and_biases`, or give it `Optimizer::with_weight_decay`"
                )
            }
            Self::Rate { rate, step } => {
                write!(f, "update {step} has a learning rate of {rate}: optimizer and schedule must give a finite one of at least 0")
            }
            Self::NothingLearns => f.write_str("nothing learns: every parameter is frozen, or the network has none"),
            Self::Spec { key } => {
                write!(f, "the `SPEC` of a layer places `{key}` outside of the layer, or gives it another scalar than the network's")
            }
            Self::NotFinite(at) => fmt::Display::fmt(at, f),
            Self::NoScore(at) => fmt::Display::fmt(at, f),
            Self::Target { what, sample, error } => {
                write!(f, "the target of sample {sample} of the {what} is not one that the loss takes: {error}")
            }
            Self::Weight { what, sample, weight } => {
                write!(f, "sample {sample} of the {what} weighs {weight}: weights are finite and at least 0")
            }
            Self::Setting(error) => fmt::Display::fmt(error, f),
            Self::Checkpoint(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, epoch, step, layer } = self;
        write!(f, "epoch {epoch}, step {step}: ")?;
        match what {
            What::Input { sample } => {
                write!(f, "the input of sample {sample}, which `{layer}` reads, is not finite: clean the data")?;
            }
            What::Target { sample } => {
                fmt::Display::fmt(&NoScore { sample: *sample, from: Spoilt::Target }, f)?;
            }
            What::Loss => {
                write!(f, "the loss is not finite, beginning at `{layer}`: lower the learning rate, clip the gradient or scale the data")?;
            }
            What::Gradient => {
                write!(
                    f,
                    "the gradient is not finite, beginning at `{layer}`: lower the learning rate, clip the gradient or scale the data"
                )?;
            }
            What::Parameter => {
                write!(f, "`{layer}` holds numbers that are not finite: lower the learning rate or clip the gradient")?;
            }
            What::Validation(at) => write!(f, "in the validation data, {at}")?,
        }
        match epoch - 1 {
            0 => f.write_str(" (the network is as it was before training)"),
            good => write!(f, " (the network is as it was after epoch {good})"),
        }
    }
}

impl fmt::Display for NoScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sample, from } = self;
        match from {
            Spoilt::Input => write!(f, "the input of sample {sample} is not finite: clean the data"),
            Spoilt::Output => write!(
                f,
                "the network's output for sample {sample} is not finite, though its input is: the parameters or the input are too large or no numbers"
            ),
            Spoilt::Target => {
                write!(f, "the loss of sample {sample} is not finite, though the network's output is: clean its target or weight")
            }
        }
    }
}

impl core::error::Error for TrainError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Checkpoint(error) => error.source(),
            _ => None,
        }
    }
}

impl From<CheckpointError> for TrainError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

impl From<SettingError> for TrainError {
    fn from(error: SettingError) -> Self {
        Self::Setting(error)
    }
}
