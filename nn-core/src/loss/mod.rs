//! Losses: how wrong an output is. One file each, value and gradient side by side.
//!
//! | the network ends in | targets | loss |
//! |---|---|---|
//! | anything | numbers of the output's shape | [`MeanSquaredError`], [`HalfSquaredError`], [`MeanAbsoluteError`], [`Huber`] |
//! | no activation (logits) | `Class<N>`, or probabilities `[T; N]` | [`CrossEntropy`] |
//! | no activation (logits) | yes or no: `bool`, `Class<2>`, 0 to 1 | [`BinaryCrossEntropy`] |
//! | no activation (scores) | `Class<N>`; yes or no: `bool`, `Class<2>`, −1 or 1 | [`Hinge`] |
//! | `Softmax` | `Class<N>`, or probabilities `[T; N]` | [`CrossEntropyOfProbabilities`] |
//! | `LogSoftmax` | `Class<N>`, or probabilities `[T; N]` | [`NegativeLogLikelihood`] |
//! | `Sigmoid` | yes or no: `bool`, `Class<2>`, 0 to 1 | [`BinaryCrossEntropyOfProbabilities`] |
//!
//! A target that a loss means nothing for is an error before the first update: numbers that are not finite, probabilities below 0 or with
//! another sum than 1, answers other than those in the table. [`Loss::check_target`] tells.
//!
//! Which metrics go with which: [`metric`](crate::metric).
//!
//! The mean over a batch is the default; [`Sum`] makes it the sum: `Sum(CrossEntropy)`. A reference to a loss is a loss, and so is a box of one.
//!
//! A loss of one's own says what one sample costs, and how that changes with the output:
//!
//! ```
//! use nn_core::loss::{Loss, Sums};
//! use nn_core::{Kind, Real};
//!
//! /// `ln cosh(y − t)`: a squared error near 0, an absolute one far away.
//! #[derive(Debug)]
//! struct LogCosh;
//!
//! impl<K: Kind> Loss<K, [f32; 1], [f32; 1]> for LogCosh {
//!     fn loss(&self, y: &[f32; 1], target: &[f32; 1]) -> f32 {
//!         (y[0] - target[0]).cosh().ln()
//!     }
//!     fn gradient(&self, y: &[f32; 1], target: &[f32; 1], dy: &mut [f32; 1]) -> f32 {
//!         dy[0] = (y[0] - target[0]).tanh();
//!         Loss::<K, _, _>::loss(self, y, target)
//!     }
//! }
//!
//! let mut dy = [[0.0]; 2];
//! let sums = Loss::<Real, _, _>::batch(&LogCosh, &[[1.0], [2.0]], &[[1.0], [5.0]], None, &mut dy);
//! assert_eq!(dy[0], [0.0]);
//! assert!((dy[1][0] - (-3.0_f32).tanh() / 2.0).abs() < 1e-6); // half: the mean of two samples
//! assert_eq!(sums.share, 2.0);
//! ```

mod absolute;
mod binary_cross_entropy;
mod binary_cross_entropy_of_probabilities;
mod cross_entropy;
mod cross_entropy_of_probabilities;
mod domain;
mod elements;
mod fit;
mod half_squared;
mod hinge;
mod huber;
mod meaning;
mod negative_log_likelihood;
mod pointer;
#[cfg(feature = "std")]
mod side_by_side;
mod squared;
#[cfg(test)]
mod tests;

pub use absolute::MeanAbsoluteError;
pub use binary_cross_entropy::{BinaryCrossEntropy, BinaryCrossEntropyWith};
pub use binary_cross_entropy_of_probabilities::BinaryCrossEntropyOfProbabilities;
pub use cross_entropy::{ClassWeights, CrossEntropy, CrossEntropyWith};
pub use cross_entropy_of_probabilities::CrossEntropyOfProbabilities;
pub use domain::TargetError;
pub use fit::{Distribution, IsBernoulli, IsLogProbabilities, IsLogits, IsProbabilities, Margins, Values};
pub use half_squared::HalfSquaredError;
pub use hinge::Hinge;
pub use huber::Huber;
pub use meaning::Meaning;
pub use negative_log_likelihood::NegativeLogLikelihood;
pub use squared::MeanSquaredError;

use domain::{FINITE, check_distribution, check_signs, check_values};
use elements::{Element, mean_gradient, mean_of, per_element};

use core::fmt::Debug;
use core::ops::{Add, AddAssign};
use core::slice;

use crate::{Kernels, Scalar, SettingError, Tensor};

/// How a batch's losses become one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// `Σ sᵢ ℓᵢ / Σ sᵢ shareᵢ`, with the samples' weights `sᵢ` (1 where none are given).
    #[default]
    Mean,
    /// `Σ sᵢ ℓᵢ`.
    Sum,
}

/// Sums over samples, from which the loss of a batch or of a whole data set follows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// `Σ sᵢ ℓᵢ`.
    pub loss: f64,
    /// `Σ sᵢ shareᵢ`.
    pub share: f64,
}

impl Sums {
    /// The loss; 0 where the mean of no samples, or of samples that weigh nothing, is asked for.
    #[must_use]
    pub fn reduce(self, reduction: Reduction) -> f64 {
        match reduction {
            Reduction::Sum => self.loss,
            Reduction::Mean if self.share == 0.0 && self.loss == 0.0 => 0.0,
            Reduction::Mean => self.loss / self.share,
        }
    }
}

impl Add for Sums {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { loss: self.loss + other.loss, share: self.share + other.share }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// A loss for outputs `Y` that mean `K` and targets `Target`.
///
/// [`Loss::loss`] and [`Loss::gradient`] look at one sample; the rest follows from them.
/// `Debug` prints its settings, by which a checkpoint knows it again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit an output `{Y}` of kind `{K}` with targets `{Target}`",
    label = "this loss does not fit the network's output or the data's targets",
    note = "`CrossEntropy` and `Hinge` take one of `N` classes, `Class<N>`, for an output of `N` numbers without an activation",
    note = "after `Softmax` use `CrossEntropyOfProbabilities`, after `LogSoftmax` `NegativeLogLikelihood`, after `Sigmoid` `BinaryCrossEntropyOfProbabilities`",
    note = "`MeanSquaredError`, `MeanAbsoluteError` and `Huber` take targets of the output's own shape"
)]
pub trait Loss<K, Y: Tensor, Target>: Debug + Send + Sync {
    /// `ℓ`: the loss of one sample.
    fn loss(&self, y: &Y, target: &Target) -> Y::Scalar;

    /// `dy = ∂ℓ/∂y` (overwritten); returns `ℓ`.
    fn gradient(&self, y: &Y, target: &Target, dy: &mut Y) -> Y::Scalar;

    /// What the sample counts in the mean: 1, or its class' weight.
    fn share(&self, target: &Target) -> Y::Scalar {
        let _ = target;
        Y::Scalar::ONE
    }

    /// How a batch's losses become one number.
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    /// What targets mean where they are numbers; metrics follow it.
    fn meaning(&self) -> Meaning {
        Meaning::Quantities
    }

    /// Whether the settings make sense; the training loop asks before the first update.
    ///
    /// # Errors
    /// Names the setting that does not.
    fn check(&self) -> Result<(), SettingError> {
        Ok(())
    }

    /// Whether the loss means something for a target. Training asks for every target before the first update, of the validation data too, and
    /// so does evaluating; loops of your own and steps on a device do not, so that there it is for the caller to ask. Of a loss that does not
    /// say, every target is right.
    ///
    /// # Errors
    /// Names the number that is not allowed, and what is.
    fn check_target(&self, target: &Target) -> Result<(), TargetError> {
        let _ = target;
        Ok(())
    }

    /// The losses of many samples, summed; `weights` holds the samples' weights `sᵢ`, where they have any.
    fn sums(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>) -> Sums {
        let mut sums = Sums::default();
        for (i, (y, target)) in y.iter().zip(targets).enumerate() {
            let s = weight(weights, i);
            sums += Sums { loss: s * self.loss(y, target).to_f64(), share: s * self.share(target).to_f64() };
        }
        sums
    }

    /// What each sample's gradient is multiplied by, besides its weight: `1 / Σ sᵢ shareᵢ` for a mean (0 where that sum is 0), 1 for a sum.
    #[inline(always)] // compiled for the caller's instruction set
    fn factor(&self, targets: &[Target], weights: Option<&[f32]>) -> f64 {
        match self.reduction() {
            Reduction::Sum => 1.0,
            Reduction::Mean => {
                let mut share = 0.0;
                for (i, target) in targets.iter().enumerate() {
                    share += weight(weights, i) * self.share(target).to_f64();
                }
                if share == 0.0 { 0.0 } else { 1.0 / share }
            }
        }
    }

    /// The losses of a part of a batch, summed, and `dyᵢ = factor · sᵢ ∂ℓᵢ/∂yᵢ` (overwritten), with the whole batch's [`Loss::factor`].
    #[inline(always)] // compiled for the caller's instruction set
    fn gradients(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>, factor: f64, dy: &mut [Y]) -> Sums {
        let mut sums = Sums::default();
        for (i, ((y, target), dy)) in y.iter().zip(targets).zip(dy).enumerate() {
            let s = weight(weights, i);
            let loss = self.gradient(y, target, dy);
            let scale = Y::Scalar::from_f64(factor * s);
            for dy in dy.flat_mut() {
                *dy *= scale;
            }
            sums += Sums { loss: s * loss.to_f64(), share: s * self.share(target).to_f64() };
        }
        sums
    }

    /// As [`Loss::gradients`], for targets that lie anywhere, as the training loop has them.
    #[doc(hidden)]
    fn gradients_of(&self, kernels: Kernels, y: &[Y], targets: &[&Target], weights: &[f32], factor: f64, dy: &mut [Y]) -> Sums {
        kernels.vectorize(
            #[inline(always)]
            || {
                let mut sums = Sums::default();
                for (((y, target), s), dy) in y.iter().zip(targets).zip(weights).zip(dy) {
                    sums +=
                        self.gradients(slice::from_ref(y), slice::from_ref(*target), Some(slice::from_ref(s)), factor, slice::from_mut(dy));
                }
                sums
            },
        )
    }

    /// The losses of a whole batch, summed, and the gradient of the reduced loss by every output (overwritten).
    #[inline(always)] // compiled for the caller's instruction set
    fn batch(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>, dy: &mut [Y]) -> Sums {
        self.gradients(y, targets, weights, self.factor(targets, weights), dy)
    }
}

/// The weight of sample `i`.
#[inline]
fn weight(weights: Option<&[f32]>, i: usize) -> f64 {
    weights.and_then(|weights| weights.get(i)).map_or(1.0, |weight| f64::from(*weight))
}

/// The sum over the samples of a batch instead of their mean: `Sum(CrossEntropy)`.
///
/// Within one sample nothing changes: `Sum(MeanSquaredError)` adds up the samples' mean squared errors (PyTorch's `reduction="sum"` adds
/// up the elements too).
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum<L>(pub L);

impl<K, Y: Tensor, Target, L: Loss<K, Y, Target>> Loss<K, Y, Target> for Sum<L> {
    fn loss(&self, y: &Y, target: &Target) -> Y::Scalar {
        self.0.loss(y, target)
    }
    fn gradient(&self, y: &Y, target: &Target, dy: &mut Y) -> Y::Scalar {
        self.0.gradient(y, target, dy)
    }
    fn share(&self, target: &Target) -> Y::Scalar {
        self.0.share(target)
    }
    fn reduction(&self) -> Reduction {
        Reduction::Sum
    }
    fn meaning(&self) -> Meaning {
        self.0.meaning()
    }
    fn check(&self) -> Result<(), SettingError> {
        self.0.check()
    }
    fn check_target(&self, target: &Target) -> Result<(), TargetError> {
        self.0.check_target(target)
    }
}
