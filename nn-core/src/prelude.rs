//! Everything that a program with a network needs: `use nn_core::prelude::*;`.

pub use crate::data::Class;
#[cfg(feature = "std")]
pub use crate::data::Dataset;
#[cfg(feature = "data")]
pub use crate::data::datasets;
pub use crate::device::{Accumulate, OnDevice, Online, OptimizerState, TrainingWorkspace};
pub use crate::file::Safetensors;
pub use crate::loss::{
    BinaryCrossEntropy, BinaryCrossEntropyOfProbabilities, CrossEntropy, CrossEntropyOfProbabilities, HalfSquaredError, Hinge, Huber, Loss,
    MeanAbsoluteError, MeanSquaredError, NegativeLogLikelihood, Sum,
};
#[cfg(feature = "macros")]
pub use crate::network;
#[cfg(feature = "std")]
pub use crate::observe::Observer;
#[cfg(feature = "progress")]
pub use crate::observe::ProgressBar;
pub use crate::optimizer::{Adagrad, Adam, AdamW, Clip, Optimizer, RmsProp, Sgd, SgdMomentum};
pub use crate::random::Stream;
pub use crate::schedule::{Constant, CosineAnnealing, Exponential, ReduceOnPlateau, Schedule, StepDecay, Warmup};
#[cfg(feature = "std")]
pub use crate::train::{GradientBelow, History, LossChangeBelow, Patience, Train};
pub use crate::{Error, Kernels, Layer, Learns, Network, Plain, Real, SampleLayer, Scalar, Scratch, Tensor};
