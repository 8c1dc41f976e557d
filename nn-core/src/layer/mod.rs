//! The layer trait, and one file a layer: formula, forward and backward side by side.
//!
//! A new layer is a file here, a file of the same name in `nn-macros/src/layer/`, and a case in each test table.

mod avg_pool1d;
mod avg_pool2d;
mod batch_norm;
mod chained;
mod channels;
mod concat;
mod conv;
mod conv1d;
mod conv2d;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod folded;
mod frame;
mod global_avg_pool;
mod gru;
mod last;
mod layer_norm;
mod lstm;
mod max_pool1d;
mod max_pool2d;
mod mean_of_steps;
mod pool;
mod pooled;
pub mod recurrent;
mod repeat;
mod residual;
mod rnn;
mod rows;
mod sample;
mod sums;
mod transpose;
mod ways;
pub mod window;
mod words;

pub use avg_pool1d::AvgPool1d;
pub use avg_pool2d::AvgPool2d;
pub use batch_norm::{BatchNorm, BatchNormGradient};
pub use chained::Chain;
pub use concat::{gather, scatter};
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use dropout::Dropout;
pub use folded::{Folded, Folds};
pub use global_avg_pool::GlobalAvgPool;
pub use gru::{Gru, GruCell};
pub use last::Last;
pub use layer_norm::LayerNorm;
pub use lstm::{AS_DRAWN, Lstm, LstmCell};
pub use max_pool1d::MaxPool1d;
pub use max_pool2d::MaxPool2d;
pub use mean_of_steps::MeanOfSteps;
pub use recurrent::{EveryStep, LastStep};
pub use residual::{add, copy, sum};
pub use rnn::{Bounded, Rectified, Rnn, RnnCell};
pub use sample::SampleLayer;
pub use transpose::Transpose;
pub use window::{Window1d, Window2d};
pub use words::{Concat, Flatten, Repeat, Residual};

use crate::init::Initializer;
use crate::random::Stream;
use crate::{Kind, Learning, Pass, Plain, Scalar, Scratch, Shape, Simd, Spec, Store, Tensor, plain};

/// A function with parameters, from a batch of inputs to a batch of outputs.
///
/// Built-in layers, users' layers (easiest by [`SampleLayer`]) and whole networks implement it, so nesting is nothing special.
/// In the slices of one call, `x[i]`, `y[i]`, `dy[i]` and `dx[i]` belong to the same sample; their lengths are equal.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "not a layer",
    note = "networks are layers, and so are structs of your own that implement `SampleLayer`"
)]
pub trait Layer: Plain {
    /// The element type.
    type Scalar: Scalar;
    /// One sample's input.
    type Input: Tensor<Scalar = Self::Scalar>;
    /// One sample's output.
    type Output: Tensor<Scalar = Self::Scalar>;
    /// What the output means, for losses to fit.
    type Kind: Kind;
    /// Whether gradients exist; a network with `Step` only predicts.
    type Learning: Learning;
    /// The gradient of every parameter that is not frozen.
    type Gradient: Plain;
    /// What `forward` leaves for `backward`, and the memory that both work in.
    type Tape<B: Store>: Scratch;
    /// The memory that `infer` works in.
    type Workspace<B: Store>: Scratch;

    /// The input's sizes.
    const INPUT: Shape = <Self::Input as Tensor>::SHAPE;
    /// The output's sizes.
    const OUTPUT: Shape = <Self::Output as Tensor>::SHAPE;
    /// How many numbers are learned, frozen ones among them.
    const PARAMETERS: usize;
    /// Multiply-adds of one sample's forward pass.
    const MACS: usize;
    /// The fewest samples that a training batch must have; 2 where statistics of the batch need it.
    const MIN_BATCH: usize = 1;
    /// Whether `backward` heeds [`Pass::replaces`], so that a training loop need not clear the gradient before each batch.
    const REPLACES: bool = false;
    /// The layer's tensors and parts.
    const SPEC: &'static Spec;

    /// The output, as in use: no dropout, running statistics.
    fn infer<S: Simd, B: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], workspace: &mut Self::Workspace<B>);

    /// The output while training; keeps in `tape` what `backward` needs.
    fn forward<S: Simd, B: Store>(&self, s: S, pass: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], tape: &mut Self::Tape<B>);

    /// The gradients, after `forward` with the same `pass`, `x` and `tape`; once after each, because gradients take the places in the tape of
    /// what is no longer needed.
    ///
    /// - `y` is what `forward` wrote. Built-in layers do not read it, and may find there the output of an activation that followed in place,
    ///   or no sample at all.
    /// - `dy`, the loss's gradient by the output, may be overwritten.
    /// - `dx`, where it is asked for, is overwritten with the gradient by the input.
    /// - The parameters' gradients are added to `gradient`; `None` for a frozen layer. Where [`Layer::REPLACES`] and [`Pass::replaces`], they
    ///   replace what lies there.
    #[allow(clippy::too_many_arguments, reason = "the whole of one step; a struct would only rename them")]
    fn backward<S: Simd, B: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[Self::Input],
        y: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        tape: &mut Self::Tape<B>,
        gradient: Option<&mut Self::Gradient>,
    );

    /// One sample's step where the parameters lie, after `forward` of it: `w ← w − rate · ∂L/∂w`, without a gradient's buffer in between.
    /// `dx`, where it is asked for, follows from the parameters as they were. The slices hold one sample; all else is as in
    /// [`Layer::backward`].
    #[allow(clippy::too_many_arguments, reason = "as in `backward`")]
    fn descend<S: Simd, B: Store>(
        &mut self,
        s: S,
        pass: Pass<'_>,
        x: &[Self::Input],
        y: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        tape: &mut Self::Tape<B>,
        rate: Self::Scalar,
    );

    /// After the update: moves what is no parameter, such as running statistics.
    fn finish<B: Store>(&mut self, pass: Pass<'_>, tape: &Self::Tape<B>) {
        let _ = (pass, tape);
    }

    /// Draws new parameters: weights from `initializer`, biases zero, statistics anew. A network ignores `initializer` and gives each of its
    /// layers the one that it declares.
    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream);

    /// Takes over all parameters and state of another of the same type, in place: `net.body.fc1.copy_from(&other.fc1)`. Needs no heap.
    fn copy_from(&mut self, other: &Self)
    where
        Self: Sized,
    {
        plain::bytes_mut(self).copy_from_slice(plain::bytes(other));
    }
}
