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
//! The mean over a batch is the default; [`Sum`] makes it the sum: `Sum(CrossEntropy)`.
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
mod fit;
mod half_squared;
mod hinge;
mod huber;
mod negative_log_likelihood;
#[cfg(feature = "std")]
mod side_by_side;
mod squared;

pub use absolute::MeanAbsoluteError;
pub use binary_cross_entropy::BinaryCrossEntropy;
pub use binary_cross_entropy_of_probabilities::BinaryCrossEntropyOfProbabilities;
pub use cross_entropy::{ClassWeights, CrossEntropy, CrossEntropyWith};
pub use cross_entropy_of_probabilities::CrossEntropyOfProbabilities;
pub use fit::{Distribution, IsBernoulli, IsLogProbabilities, IsLogits, IsProbabilities, Values};
pub use half_squared::HalfSquaredError;
pub use hinge::Hinge;
pub use huber::Huber;
pub use negative_log_likelihood::NegativeLogLikelihood;
pub use squared::MeanSquaredError;

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

    /// Whether the settings make sense; the training loop asks before the first update.
    ///
    /// # Errors
    /// Names the setting that does not.
    fn check(&self) -> Result<(), SettingError> {
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
    fn check(&self) -> Result<(), SettingError> {
        self.0.check()
    }
}

#[cfg(feature = "std")]
impl<K, Y: Tensor, Target, L: Loss<K, Y, Target> + ?Sized> Loss<K, Y, Target> for std::boxed::Box<L> {
    fn loss(&self, y: &Y, target: &Target) -> Y::Scalar {
        (**self).loss(y, target)
    }
    fn gradient(&self, y: &Y, target: &Target, dy: &mut Y) -> Y::Scalar {
        (**self).gradient(y, target, dy)
    }
    fn share(&self, target: &Target) -> Y::Scalar {
        (**self).share(target)
    }
    fn reduction(&self) -> Reduction {
        (**self).reduction()
    }
    fn check(&self) -> Result<(), SettingError> {
        (**self).check()
    }
    fn sums(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>) -> Sums {
        (**self).sums(y, targets, weights)
    }
    fn factor(&self, targets: &[Target], weights: Option<&[f32]>) -> f64 {
        (**self).factor(targets, weights)
    }
    fn gradients(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>, factor: f64, dy: &mut [Y]) -> Sums {
        (**self).gradients(y, targets, weights, factor, dy)
    }
    fn gradients_of(&self, kernels: Kernels, y: &[Y], targets: &[&Target], weights: &[f32], factor: f64, dy: &mut [Y]) -> Sums {
        (**self).gradients_of(kernels, y, targets, weights, factor, dy)
    }
    fn batch(&self, y: &[Y], targets: &[Target], weights: Option<&[f32]>, dy: &mut [Y]) -> Sums {
        (**self).batch(y, targets, weights, dy)
    }
}

/// `1/N Σ ℓ(yᵢ, tᵢ)` over the elements of one sample.
#[inline]
fn mean_of<Y: Tensor, V: Values<Y>>(y: &Y, target: &V, element: impl Fn(Y::Scalar, Y::Scalar) -> Element<Y::Scalar>) -> Y::Scalar {
    let mut sum = Y::Scalar::ZERO;
    for (y, t) in y.flat().iter().zip(target.values()) {
        sum += element(*y, t).loss;
    }
    sum * per_element::<Y>()
}

/// As [`mean_of`], and `dyᵢ = 1/N ∂ℓ/∂yᵢ`.
#[inline]
fn mean_gradient<Y: Tensor, V: Values<Y>>(
    y: &Y,
    target: &V,
    dy: &mut Y,
    element: impl Fn(Y::Scalar, Y::Scalar) -> Element<Y::Scalar>,
) -> Y::Scalar {
    let mut sum = Y::Scalar::ZERO;
    for ((y, t), dy) in y.flat().iter().zip(target.values()).zip(dy.flat_mut()) {
        let element = element(*y, t);
        sum += element.loss;
        *dy = element.slope * per_element::<Y>();
    }
    sum * per_element::<Y>()
}

/// What one number of an output costs, and how that changes with the number.
struct Element<T> {
    loss: T,
    slope: T,
}

/// `1/N`.
#[inline]
fn per_element<Y: Tensor>() -> Y::Scalar {
    Y::Scalar::from_f64(1.0 / Y::LEN as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bernoulli, Class, LogProbabilities, Probabilities, Real};

    /// Loss and gradient of one sample.
    fn both<K, const N: usize, V>(loss: &impl Loss<K, [f32; N], V>, y: [f32; N], target: &V) -> (f32, [f32; N]) {
        let mut dy = [f32::NAN; N];
        let value = loss.gradient(&y, target, &mut dy);
        assert!(value == loss.loss(&y, target) || value.is_nan());
        (value, dy)
    }

    #[test]
    fn large_logits_do_not_overflow() {
        let target = Class::<3>::new(0).unwrap();
        let (value, dy) = both::<Real, 3, _>(&CrossEntropy, [1e30, -1e30, 0.0], &target);
        assert_eq!((value, dy), (0.0, [0.0; 3]));
        let (value, dy) = both::<Real, 3, _>(&CrossEntropy, [-200.0, 100.0, 0.0], &target);
        assert_eq!((value, dy), (300.0, [-1.0, 1.0, dy[2]]));
        let (value, dy) = both::<Real, 2, _>(&BinaryCrossEntropy, [1e30, -1e30], &[true, false]);
        assert_eq!((value, dy), (0.0, [0.0; 2]));
        let (value, dy) = both::<Real, 2, _>(&BinaryCrossEntropy, [300.0, -100.0], &[false, true]);
        assert_eq!((value, dy), (200.0, [0.5, -0.5]));
    }

    #[test]
    fn small_losses_stay_exact() {
        // ln(1 + e⁻³⁰) = e⁻³⁰ (1 − …): far below f32's rounding of 1.
        let expected = (-30.0_f64).exp();
        let (value, dy) = both::<Real, 2, _>(&CrossEntropy, [30.0, 0.0], &Class::<2>::new(0).unwrap());
        assert!((f64::from(value) / expected - 1.0).abs() < 1e-5, "{value:e}");
        assert!((f64::from(dy[1]) / expected - 1.0).abs() < 1e-5, "{dy:?}");
        let (value, _) = both::<Real, 1, _>(&BinaryCrossEntropy, [30.0], &true);
        assert!((f64::from(value) / expected - 1.0).abs() < 1e-5, "{value:e}");
    }

    #[test]
    fn a_sure_mistake_is_finite() {
        let target = Class::<2>::new(0).unwrap();
        let (value, dy) = both::<Probabilities, 2, _>(&CrossEntropyOfProbabilities, [0.0, 1.0], &target);
        assert!((value - 69.077_55).abs() < 1e-4 && dy[0].is_finite() && dy[0] < 0.0, "{value} {dy:?}");
        let (value, dy) = both::<Bernoulli, 1, _>(&BinaryCrossEntropyOfProbabilities, [1.0], &false);
        assert!(value == 100.0 && dy[0].is_finite() && dy[0] > 0.0, "{value} {dy:?}");
        let (value, dy) = both::<Bernoulli, 1, _>(&BinaryCrossEntropyOfProbabilities, [0.0], &true);
        assert!(value == 100.0 && dy[0].is_finite() && dy[0] < 0.0, "{value} {dy:?}");
    }

    #[test]
    fn a_class_ruled_out_costs_nothing_unless_it_is_the_target() {
        let (value, _) = both::<LogProbabilities, 2, _>(&NegativeLogLikelihood, [0.0, f32::NEG_INFINITY], &Class::<2>::new(0).unwrap());
        assert_eq!(value, 0.0);
        let (value, dy) = both::<Real, 2, _>(&CrossEntropy, [3.0, f32::NEG_INFINITY], &Class::<2>::new(0).unwrap());
        assert_eq!((value, dy), (0.0, [0.0, 0.0]));
    }

    /// Every loss on `NaN`, which must be seen and not hidden.
    #[test]
    fn what_is_no_number_gives_no_number() {
        let (nan, class) = ([f32::NAN, 0.5], Class::<2>::new(1).unwrap());
        let numbers = [0.5, 1.0];
        for (name, (value, dy)) in [
            ("squared", both::<Real, 2, _>(&MeanSquaredError, nan, &numbers)),
            ("half squared", both::<Real, 2, _>(&HalfSquaredError, nan, &numbers)),
            ("absolute", both::<Real, 2, _>(&MeanAbsoluteError, nan, &numbers)),
            ("huber", both::<Real, 2, _>(&Huber(1.0), nan, &numbers)),
            ("cross-entropy", both::<Real, 2, _>(&CrossEntropy, nan, &class)),
            ("of probabilities", both::<Probabilities, 2, _>(&CrossEntropyOfProbabilities, [0.5, f32::NAN], &class)),
            ("likelihood", both::<LogProbabilities, 2, _>(&NegativeLogLikelihood, [0.5, f32::NAN], &class)),
            ("binary", both::<Real, 2, _>(&BinaryCrossEntropy, nan, &numbers)),
            ("binary of probabilities", both::<Bernoulli, 2, _>(&BinaryCrossEntropyOfProbabilities, nan, &numbers)),
            ("hinge", both::<Real, 2, _>(&Hinge, nan, &numbers)),
            ("hinge of classes", both::<Real, 2, _>(&Hinge, nan, &class)),
        ] {
            assert!(value.is_nan(), "{name}: {value} {dy:?}");
        }
    }

    #[test]
    fn samples_without_weight_change_nothing() {
        let (y, targets) = ([[1.0], [3.0]], [[0.0], [0.0]]);
        let mut dy = [[f64::NAN]; 2];
        let sums = Loss::<Real, _, _>::batch(&MeanSquaredError, &y, &targets, Some(&[0.0, 0.5]), &mut dy);
        assert_eq!((sums.reduce(Reduction::Mean), dy), (9.0, [[0.0], [6.0]]));
        let sums = Loss::<Real, _, _>::batch(&MeanSquaredError, &y, &targets, Some(&[0.0, 0.0]), &mut dy);
        assert_eq!((sums.reduce(Reduction::Mean), dy), (0.0, [[0.0], [0.0]]));
    }

    /// Many samples are computed side by side, single ones alone.
    #[test]
    fn cross_entropy_of_many_is_that_of_each_to_the_bit() {
        fn check<D: Distribution<f32, 5>>(targets: &[D; 37]) {
            let mut random = crate::random::Stream::new(&[1]);
            let mut y = [[0.0_f32; 5]; 37];
            for y in y.as_flattened_mut() {
                *y = Scalar::from_f64(random.uniform(-10.0, 10.0));
            }
            y[1] = [2.0; 5];
            y[2] = [1e30, -1e30, 0.0, 1e30, 3.0];
            y[3][4] = f32::NEG_INFINITY;
            y[4][0] = f32::INFINITY;
            y[5][2] = f32::NAN;
            let weights: [f32; 37] = core::array::from_fn(|i| 0.25 * (i % 7) as f32);
            let (mut many, mut each, mut anywhere) = ([[7.0; 5]; 37], [[8.0; 5]; 37], [[9.0; 5]; 37]);
            let sums = Loss::<Real, _, _>::gradients(&CrossEntropy, &y, targets, Some(&weights), 0.3, &mut many);
            let mut losses = Sums::default();
            for i in 0..37 {
                let loss = Loss::<Real, _, _>::gradient(&CrossEntropy, &y[i], &targets[i], &mut each[i]);
                let s = f64::from(weights[i]);
                each[i] = each[i].map(|dy| dy * f32::from_f64(0.3 * s));
                losses += Sums { loss: s * f64::from(loss), share: s };
            }
            let bits = |dy: &[[f32; 5]]| {
                dy.as_flattened().iter().map(|dy| if dy.is_nan() { 0 } else { dy.to_bits() }).collect::<std::vec::Vec<_>>()
            };
            assert_eq!(bits(&many), bits(&each));
            assert!(sums.loss.is_nan() && losses.loss.is_nan());
            assert_eq!(sums.share, losses.share);
            let targets: std::vec::Vec<_> = targets.iter().collect();
            let i = 6..37;
            let sums = Loss::<Real, _, _>::gradients_of(
                &CrossEntropy,
                Kernels::detect(),
                &y[i.clone()],
                &targets[i.clone()],
                &weights[i.clone()],
                0.3,
                &mut anywhere[i.clone()],
            );
            assert_eq!(bits(&many[i.clone()]), bits(&anywhere[i.clone()]));
            let mut losses = Sums::default();
            for i in i {
                let s = f64::from(weights[i]);
                losses += Sums { loss: s * f64::from(Loss::<Real, _, _>::loss(&CrossEntropy, &y[i], targets[i])), share: s };
            }
            assert_eq!(sums, losses);
        }
        check(&core::array::from_fn(|i| Class::<5>::new(i % 5).unwrap()));
        check(&core::array::from_fn(|i| [0.1, 0.2, 0.0, 0.3 + 0.01 * i as f32, 0.4]));
    }

    #[test]
    fn a_batch_in_parts_is_the_batch() {
        let loss = CrossEntropy.class_weights([1.0, 3.0]);
        let y = [[0.1, 0.7], [-1.0, 0.4], [2.0, 0.0]];
        let targets = [0, 1, 1].map(|c| Class::<2>::new(c).unwrap());
        let weights = [1.0, 0.5, 2.0];
        let (mut whole, mut parts) = ([[0.0; 2]; 3], [[0.0; 2]; 3]);
        let sums = Loss::<Real, [f64; 2], _>::batch(&loss, &y, &targets, Some(&weights), &mut whole);
        let factor = Loss::<Real, [f64; 2], _>::factor(&loss, &targets, Some(&weights));
        let mut added = Sums::default();
        for i in [0..1, 1..3] {
            added += Loss::<Real, [f64; 2], _>::gradients(
                &loss,
                &y[i.clone()],
                &targets[i.clone()],
                Some(&weights[i.clone()]),
                factor,
                &mut parts[i],
            );
        }
        assert_eq!((sums, whole), (added, parts));
        assert_eq!(sums.share, 1.0 + 0.5 * 3.0 + 2.0 * 3.0);
    }

    #[test]
    fn settings_that_make_no_sense_are_named() {
        fn fault(loss: &impl Loss<Real, [f32; 2], [f32; 2]>) -> Option<&'static str> {
            loss.check().err().map(|error| error.name)
        }
        assert_eq!(fault(&Huber(0.5)), None);
        assert_eq!(fault(&Sum(Huber(0.0))), Some("delta"));
        assert_eq!(fault(&Huber(f64::NAN)), Some("delta"));
        assert_eq!(fault(&CrossEntropy.label_smoothing(1.0)), None);
        assert_eq!(fault(&CrossEntropy.label_smoothing(1.1)), Some("label_smoothing"));
        assert_eq!(fault(&CrossEntropy.class_weights([1.0, -1.0])), Some("class weight"));
        assert_eq!(
            std::format!("{}", Loss::<Real, [f32; 2], [f32; 2]>::check(&Huber(-1.0)).unwrap_err()),
            "`Huber` with delta = -1: it must be finite and above 0"
        );
    }
}
