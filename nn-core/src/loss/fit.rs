//! Which outputs and targets a loss fits; each trait's message says what to do where it does not.
//!
//! A loss states what it fits: `Loss<Kind, Output, Target>` is a bound on the argument of `.loss(…)`, so that `CrossEntropy` after
//! `Softmax` is underlined there. The kind of a network is the kind of its last layer.

use core::iter;

use crate::{Bernoulli, Class, Kind, LogProbabilities, Probabilities, Real, Scalar, Tensor};

/// Outputs without an activation that makes them probabilities.
#[diagnostic::on_unimplemented(
    message = "this loss applies softmax or sigmoid itself, but the network's output is already of kind `{Self}`",
    label = "this loss takes logits",
    note = "leave the network's last activation out; predictions can still be had as probabilities",
    note = "or keep it, with the loss that fits: after `Softmax` `CrossEntropyOfProbabilities`, after `LogSoftmax` `NegativeLogLikelihood`, after `Sigmoid` `BinaryCrossEntropyOfProbabilities`"
)]
pub trait IsLogits: Kind {}
impl IsLogits for Real {}

/// Outputs that are one probability a class.
#[diagnostic::on_unimplemented(
    message = "this loss takes the probabilities that `Softmax` gives, but the network's output is of kind `{Self}`",
    label = "this loss takes probabilities",
    note = "use `CrossEntropy` for an output without an activation, `NegativeLogLikelihood` after `LogSoftmax`, `BinaryCrossEntropyOfProbabilities` after `Sigmoid`"
)]
pub trait IsProbabilities: Kind {}
impl IsProbabilities for Probabilities {}

/// Outputs that are logarithms of probabilities.
#[diagnostic::on_unimplemented(
    message = "this loss takes the log-probabilities that `LogSoftmax` gives, but the network's output is of kind `{Self}`",
    label = "this loss takes log-probabilities",
    note = "use `CrossEntropy` for an output without an activation, `CrossEntropyOfProbabilities` after `Softmax`"
)]
pub trait IsLogProbabilities: Kind {}
impl IsLogProbabilities for LogProbabilities {}

/// Outputs that are each the probability of a yes.
#[diagnostic::on_unimplemented(
    message = "this loss takes the probabilities that `Sigmoid` gives, but the network's output is of kind `{Self}`",
    label = "this loss takes probabilities of a yes",
    note = "use `BinaryCrossEntropy` for an output without an activation, `CrossEntropyOfProbabilities` after `Softmax`"
)]
pub trait IsBernoulli: Kind {}
impl IsBernoulli for Bernoulli {}

/// Targets that give one number for each number of the output `Y`.
///
/// The output's own shape always fits. An output `[T; 1]` also takes `T`, `bool` (no is 0, yes is 1) and `Class<2>` (its index); `[T; N]`
/// also takes `[bool; N]`.
#[diagnostic::on_unimplemented(
    message = "this loss takes one number for each number of the output `{Y}`, but the data's targets are `{Self}`",
    label = "this loss does not fit the data's targets",
    note = "targets of the output's own shape fit; for an output of one number also `bool` and `Class<2>`",
    note = "for one of `N` classes, `Class<N>`, use `CrossEntropy` or `Hinge` on `N` outputs"
)]
pub trait Values<Y: Tensor>: Send + Sync {
    /// The numbers, in the order of the output's.
    fn values(&self) -> impl Iterator<Item = Y::Scalar>;

    /// The numbers as losses with margins take them: a no is −1 and a yes is 1.
    fn signs(&self) -> impl Iterator<Item = Y::Scalar> {
        self.values()
    }
}

impl<Y: Tensor> Values<Y> for Y {
    #[inline]
    fn values(&self) -> impl Iterator<Item = Y::Scalar> {
        self.flat().iter().copied()
    }
}

impl<T: Scalar> Values<[T; 1]> for T {
    #[inline]
    fn values(&self) -> impl Iterator<Item = T> {
        iter::once(*self)
    }
}

impl<T: Scalar> Values<[T; 1]> for bool {
    #[inline]
    fn values(&self) -> impl Iterator<Item = T> {
        iter::once(if *self { T::ONE } else { T::ZERO })
    }
    #[inline]
    fn signs(&self) -> impl Iterator<Item = T> {
        iter::once(if *self { T::ONE } else { -T::ONE })
    }
}

impl<T: Scalar> Values<[T; 1]> for Class<2> {
    #[inline]
    fn values(&self) -> impl Iterator<Item = T> {
        iter::once(if self.index() == 1 { T::ONE } else { T::ZERO })
    }
    #[inline]
    fn signs(&self) -> impl Iterator<Item = T> {
        iter::once(if self.index() == 1 { T::ONE } else { -T::ONE })
    }
}

impl<T: Scalar, const N: usize> Values<[T; N]> for [bool; N] {
    #[inline]
    fn values(&self) -> impl Iterator<Item = T> {
        self.iter().map(|yes| if *yes { T::ONE } else { T::ZERO })
    }
    #[inline]
    fn signs(&self) -> impl Iterator<Item = T> {
        self.iter().map(|yes| if *yes { T::ONE } else { -T::ONE })
    }
}

/// Targets that are a distribution over the `N` classes: one of them for certain, or a probability each.
#[diagnostic::on_unimplemented(
    message = "this loss takes one of {N} classes, `Class<{N}>`, or {N} probabilities, but the data's targets are `{Self}`",
    label = "this loss does not fit the data's targets",
    note = "the number of classes must be the number of the network's outputs; for numbers as targets use `MeanSquaredError`"
)]
pub trait Distribution<T: Scalar, const N: usize>: Send + Sync {
    /// The class, where it is certain.
    fn class(&self) -> Option<usize>;
    /// The probability of class `c`.
    fn probability(&self, c: usize) -> T;
}

impl<T: Scalar, const N: usize> Distribution<T, N> for Class<N> {
    #[inline]
    fn class(&self) -> Option<usize> {
        Some(self.index())
    }
    #[inline]
    fn probability(&self, c: usize) -> T {
        if c == self.index() { T::ONE } else { T::ZERO }
    }
}

impl<T: Scalar, const N: usize> Distribution<T, N> for [T; N] {
    #[inline]
    fn class(&self) -> Option<usize> {
        None
    }
    #[inline]
    fn probability(&self, c: usize) -> T {
        self.get(c).copied().unwrap_or(T::ZERO)
    }
}
