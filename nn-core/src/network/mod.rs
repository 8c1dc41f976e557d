//! What every declared network can do, by the trait that `network!` implements; and what it says of itself as data.
//!
//! Kernels are chosen a call, and not kept in a workspace: `predict` takes the machine's fastest, `predict_with` those that it is
//! given. So workspaces stay plain memory. `predict_batch` returns a `Result`, because two slices of different lengths are the caller's
//! data.

pub mod budget;
pub(crate) mod fold;
pub(crate) mod kind;
pub(crate) mod pass;
pub mod shape;
pub mod spec;
pub(crate) mod summary;

use crate::memory::store::{One, Scratch};
use crate::random::Stream;
use crate::{Class, Error, Kind, Layer, Scalar, Simd, Store, Summary, Tensor, init, plain};
use crate::{Kernels, Reference, Task, dispatch_with};

#[cfg(feature = "std")]
use crate::Heap;
#[cfg(feature = "std")]
use nn_kernels::{kernel::Link, threads::Threads};
#[cfg(feature = "std")]
use std::boxed::Box;

/// Bytes of samples, and of values between layers, that a core's own cache holds beside the weights.
#[cfg(feature = "std")]
const CACHED: usize = 256 << 10;

/// A network declared with `network!`.
///
/// ```
/// # use nn_core::prelude::*;
/// fn act<N: Network<Input = [f32; 12], Output = [f32; 4]>>(net: &N, x: &[f32; 12]) -> [f32; 4] {
///     net.predict(x)
/// }
/// ```
pub trait Network: Layer {
    /// What [`Kernels::Portable`] stands for: [`Portable`](crate::Portable), or [`Compact`](crate::Compact) under `#[optimize(size)]`.
    type Portable: Reference;
    /// The declared name.
    const NAME: &'static str;
    /// How many steps inference has, layer by layer; at least 1.
    const STEPS: usize;

    /// One step of inference: a layer with the activations after it. What it gives stays in `workspace` for the next; the last writes `y`.
    #[doc(hidden)]
    fn infer_step<S: Simd, B: Store>(
        &self,
        s: S,
        step: usize,
        x: &[Self::Input],
        y: &mut [Self::Output],
        workspace: &mut Self::Workspace<B>,
    );

    /// The output for one sample, as in use. Allocates nothing and locks nothing; its buffers are on the stack.
    #[inline]
    fn predict(&self, x: &Self::Input) -> Self::Output {
        plain::filled(|y| self.predict_into(x, y, &mut Self::Workspace::<One>::new()))
    }

    /// As [`Network::predict`], with these kernels: [`Kernels::Portable`] gives on every machine the bits that a microcontroller gives.
    #[inline]
    fn predict_with(&self, kernels: Kernels, x: &Self::Input) -> Self::Output {
        plain::filled(|y| {
            let (x, y) = (core::slice::from_ref(x), core::slice::from_mut(y));
            dispatch_with::<Self::Portable, _>(
                kernels,
                Infer::<Self, One> { net: self, x, y, workspace: &mut Self::Workspace::<One>::new() },
            );
        })
    }

    /// As [`Network::predict`], with output and buffers of the caller's.
    #[inline]
    fn predict_into(&self, x: &Self::Input, y: &mut Self::Output, workspace: &mut Self::Workspace<One>) {
        let (x, y) = (core::slice::from_ref(x), core::slice::from_mut(y));
        dispatch_with::<Self::Portable, _>(Kernels::detect(), Infer::<Self, One> { net: self, x, y, workspace });
    }

    /// The outputs for many samples; allocates its buffers once, for 64 samples at a time, or up to 256 where these are small.
    ///
    /// With the feature `threads`, each thread of rayon's pool takes a part of the samples, where that is faster (from about 50 µs on), with
    /// buffers of its own; the outputs are the same, to the bit. To limit them, set `RAYON_NUM_THREADS`, or call it inside of a pool of your own.
    ///
    /// # Errors
    /// [`Error::Batch`] when there are not as many outputs as inputs.
    #[cfg(feature = "std")]
    fn predict_batch(&self, x: &[Self::Input], y: &mut [Self::Output]) -> Result<(), Error> {
        if x.len() != y.len() {
            return Err(Error::Batch { inputs: x.len(), outputs: y.len() });
        }
        let work = x.len().saturating_mul(Self::MACS) / ASLEEP;
        Threads::ALL.each(work, Link::GROUP, (x, y), |(x, y)| infer_in_chunks(self, x, y));
        Ok(())
    }

    /// The most likely class: the index of the largest output, the first of equal ones.
    fn classify(&self, x: &Self::Input) -> <Self::Output as Scores>::Class
    where
        Self::Output: Scores,
    {
        self.predict(x).largest()
    }

    /// The outputs as probabilities: logits through softmax (a single one through sigmoid), logarithms through `exp`, and what already is a
    /// probability as it is.
    fn probabilities(&self, x: &Self::Input) -> Self::Output
    where
        Self::Output: Scores,
    {
        let mut y = self.predict(x);
        <Self::Kind as Kind>::probabilities(y.flat_mut());
        y
    }

    /// Numbers in a row as one input, without a copy.
    ///
    /// # Errors
    /// [`Error::Length`] when there are more or fewer numbers than the input has.
    fn input(values: &[Self::Scalar]) -> Result<&Self::Input, Error> {
        match Self::inputs(values) {
            Ok([input]) => Ok(input),
            _ => Err(Error::Length { sample: <Self::Input as Tensor>::LEN, given: values.len() }),
        }
    }

    /// Numbers in a row as inputs one after another, without a copy.
    ///
    /// # Errors
    /// [`Error::Samples`] when they are not a whole number of inputs.
    fn inputs(values: &[Self::Scalar]) -> Result<&[Self::Input], Error> {
        plain::samples(values).ok_or(Error::Samples { sample: <Self::Input as Tensor>::LEN, given: values.len() })
    }

    /// The table of the layers, with shapes, parameters and multiply-adds.
    fn summary(&self) -> Summary {
        Summary(Self::SPEC)
    }

    /// Draws new parameters from `seed`, in place.
    fn initialize_from(&mut self, seed: u64) {
        self.initialize(&init::Zeros, &mut Stream::new(&[seed]));
    }

    /// A new network on the heap with parameters drawn from `seed`; never passes through the stack.
    #[cfg(feature = "std")]
    #[must_use]
    fn new_boxed(seed: u64) -> Box<Self> {
        let mut net = plain::boxed::<Self>();
        net.initialize_from(seed);
        net
    }
}

/// `y = f(x)` for a batch.
struct Infer<'a, N: Network, B: Store> {
    net: &'a N,
    x: &'a [N::Input],
    y: &'a mut [N::Output],
    workspace: &'a mut N::Workspace<B>,
}

/// A call begins while other threads sleep, and waking one takes a few microseconds: it must be worth so many times as much as a part of
/// a call.
#[cfg(feature = "std")]
const ASLEEP: usize = 32;

/// Chunk by chunk, in one workspace. Each chunk but the last has a multiple of `Link::GROUP` samples, and none has fewer, so that a sample's output
/// does not depend on where the chunks, or the parts of threads, begin.
#[cfg(feature = "std")]
fn infer_in_chunks<N: Network>(net: &N, mut x: &[N::Input], mut y: &mut [N::Output]) {
    // Kernels prepare weights once for all samples of a call, but go through these again and again.
    let chunk = const {
        let samples = CACHED / (size_of::<N::Input>() + size_of::<N::Output>() + size_of::<N::Workspace<One>>() + 1);
        (if samples < 64 {
            64
        } else if samples > 256 {
            256
        } else {
            samples
        }) / Link::GROUP
            * Link::GROUP
    };
    let mut workspace = N::Workspace::<Heap>::new();
    while !x.is_empty() {
        let samples = if x.len() < chunk + Link::GROUP { x.len() } else { chunk };
        let ((some_x, rest_x), (some_y, rest_y)) = (x.split_at(samples), y.split_at_mut(samples));
        dispatch_with::<N::Portable, _>(Kernels::detect(), Infer::<N, Heap> { net, x: some_x, y: some_y, workspace: &mut workspace });
        (x, y) = (rest_x, rest_y);
    }
}

/// Multiply-adds of a network up to which loops of known length, unrolled, beat calls of kernels.
const TINY: usize = 512;

/// Whether a network is over so soon that calls of kernels would be felt.
pub(crate) const fn is_tiny<N: Layer>() -> bool {
    N::MACS <= TINY
}

impl<N: Network, B: Store> Task for Infer<'_, N, B> {
    type Output = ();
    const TINY: bool = is_tiny::<N>();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.net.infer::<S, B>(s, self.x, self.y, self.workspace);
    }
}

/// An output with one number a class.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold one number a class",
    label = "this network's output is no vector",
    note = "`classify` and `probabilities` are for networks that end with a vector: `-> [10]`"
)]
pub trait Scores: Tensor {
    /// One of the classes.
    type Class;
    /// The index of the largest number, the first of equal ones; 0 where all are NaN.
    fn largest(&self) -> Self::Class;
}

impl<T: Scalar, const N: usize> Scores for [T; N] {
    type Class = Class<N>;

    fn largest(&self) -> Class<N> {
        const { assert!(N >= 2, "a class needs at least two outputs: compare a single one with a threshold") };
        let mut best = (0, T::NEG_INFINITY);
        for (i, y) in self.iter().enumerate() {
            if *y > best.1 {
                best = (i, *y);
            }
        }
        Class::of(best.0)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Bernoulli, Kind, LogProbabilities, Real, Scores};

    #[test]
    fn largest_is_the_first_of_equal_ones() {
        assert_eq!([1.0_f32, 3.0, 3.0].largest().index(), 1);
        assert_eq!([f32::NEG_INFINITY; 3].largest().index(), 0);
        assert_eq!([f32::NAN, 1.0, f32::NAN].largest().index(), 1);
    }

    #[test]
    fn outputs_become_probabilities_by_their_kind() {
        let mut y = [1000.0_f64, 1000.0];
        Real::probabilities(&mut y);
        assert_eq!(y, [0.5, 0.5]);
        for (z, p) in [(-1000.0, 0.0), (0.0, 0.5), (1000.0, 1.0)] {
            let mut y = [z];
            Real::probabilities::<f64>(&mut y);
            assert_eq!(y, [p]);
        }
        let mut y = [0.25_f64, 0.5];
        Bernoulli::probabilities(&mut y);
        assert_eq!(y, [0.25, 0.5]);
        let mut y = [0.0_f64];
        LogProbabilities::probabilities(&mut y);
        assert_eq!(y, [1.0]);
    }
}
