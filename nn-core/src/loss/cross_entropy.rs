//! Cross-entropy on logits: `ℓ = −Σ_c t_c ln p_c` with `p = softmax y`; `dy = p − t`.
//!
//! In general, with `q_c = w_c ((1 − ε) t_c + ε / N)` for class weights `w` and label smoothing `ε`:
//! `ℓ = Σ_c q_c (ln Σⱼ exp yⱼ − y_c)` and `dy_c = p_c Σⱼ qⱼ − q_c`.

#[cfg(feature = "std")]
use core::array::from_fn;

#[cfg(feature = "std")]
use super::side_by_side::{self, SAMPLES};
use super::{Distribution, IsLogits, Loss, Meaning, TargetError, check_distribution};
#[cfg(feature = "std")]
use super::{Sums, weight};
#[cfg(feature = "std")]
use crate::Kernels;
use crate::{Scalar, SettingError};

/// Softmax and cross-entropy in one, on logits: what classifiers learn by.
///
/// - `ℓ = −Σ_c t_c ln p_c`, `p = softmax y`; for a class index simply `−ln p_t`.
/// - Fits outputs `[T; N]` without an activation; targets: `Class<N>`, or probabilities `[T; N]`.
/// - `dy = p − t`. The maximum is taken out of the exponentials, so that nothing overflows, and `ln(1 + x)` keeps small losses exact.
/// - [`CrossEntropy::label_smoothing`] and [`CrossEntropy::class_weights`] as in PyTorch's `CrossEntropyLoss`.
/// - Source: Goodfellow, Bengio, Courville, *Deep Learning*, §6.2.2.3.
///
/// ```
/// use nn_core::loss::{CrossEntropy, Loss};
/// use nn_core::{Class, Real};
///
/// let target = Class::<3>::new(2).unwrap();
/// let loss: f64 = Loss::<Real, _, _>::loss(&CrossEntropy, &[0.0, 0.0, 0.0], &target);
/// assert!((loss - 3.0_f64.ln()).abs() < 1e-12); // knows nothing yet
///
/// let mild = CrossEntropy.label_smoothing(0.1).class_weights([1.0, 1.0, 5.0]);
/// let loss: f64 = Loss::<Real, _, _>::loss(&mild, &[0.0, 0.0, 0.0], &target);
/// assert!((loss - 3.0_f64.ln() * (0.9 * 5.0 + 0.1 * 7.0 / 3.0)).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropy;

impl CrossEntropy {
    /// Takes `share` of the certainty from the target and spreads it evenly over all classes: `t_c ← (1 − share) t_c + share / N`.
    ///
    /// Source: Szegedy et al., *Rethinking the Inception Architecture for Computer Vision*, 2016, §7.
    #[must_use]
    pub const fn label_smoothing(self, share: f64) -> CrossEntropyWith {
        CrossEntropyWith { label_smoothing: share, class_weights: () }
    }

    /// Counts class `c` `weights[c]` times. With class indices the mean over a batch divides by the weights' sum, with probabilities by the
    /// number of samples, as in PyTorch.
    #[must_use]
    pub const fn class_weights<const N: usize>(self, weights: [f64; N]) -> CrossEntropyWith<[f64; N]> {
        CrossEntropyWith { label_smoothing: 0.0, class_weights: weights }
    }
}

/// [`CrossEntropy`] with label smoothing or class weights.
#[derive(Clone, Copy, Debug)]
pub struct CrossEntropyWith<W = ()> {
    label_smoothing: f64,
    class_weights: W,
}

impl<W: Copy> CrossEntropyWith<W> {
    /// As [`CrossEntropy::label_smoothing`].
    #[must_use]
    pub const fn label_smoothing(self, share: f64) -> Self {
        Self { label_smoothing: share, class_weights: self.class_weights }
    }

    /// As [`CrossEntropy::class_weights`].
    #[must_use]
    pub const fn class_weights<const N: usize>(self, weights: [f64; N]) -> CrossEntropyWith<[f64; N]> {
        CrossEntropyWith { label_smoothing: self.label_smoothing, class_weights: weights }
    }
}

/// One weight for each of `N` classes or labels: `[f64; N]`, or `()` for 1 each.
#[diagnostic::on_unimplemented(
    message = "the weights `{Self}` are not one for each of the network's {N} outputs",
    label = "this loss has another number of weights",
    note = "give `class_weights`, `pos_weight` or `label_weights` an array of {N} numbers"
)]
pub trait ClassWeights<const N: usize>: Copy + core::fmt::Debug + Send + Sync {
    /// The weight of class or label `c`.
    fn of(&self, c: usize) -> f64;
}

impl<const N: usize> ClassWeights<N> for () {
    #[inline]
    fn of(&self, _: usize) -> f64 {
        1.0
    }
}

impl<const N: usize> ClassWeights<N> for [f64; N] {
    #[inline]
    fn of(&self, c: usize) -> f64 {
        self.get(c).copied().unwrap_or(1.0)
    }
}

/// `ln Σⱼ exp yⱼ` as `maximum + rest`, with `rest = ln(1 + Σ of the others)`, so that a nearly certain output keeps its small loss.
#[derive(Clone, Copy)]
struct LogSumExp<T> {
    maximum: T,
    rest: T,
}

impl<T: Scalar> LogSumExp<T> {
    #[inline]
    fn of<const N: usize>(y: &[T; N]) -> Self {
        let (at, maximum) = maximum(y);
        let mut others = T::ZERO;
        for (c, y) in y.iter().enumerate() {
            if c != at {
                others += (*y - maximum).exp();
            }
        }
        Self { maximum, rest: others.ln_1p() }
    }

    /// As [`LogSumExp::of`], and `p = softmax y`.
    #[inline]
    fn with_softmax<const N: usize>(y: &[T; N], p: &mut [T; N]) -> Self {
        let (at, maximum) = maximum(y);
        for (p, y) in p.iter_mut().zip(y) {
            *p = (*y - maximum).exp();
        }
        let mut others = T::ZERO;
        for (c, p) in p.iter().enumerate() {
            if c != at {
                others += *p;
            }
        }
        let sum = T::ONE + others;
        for p in p {
            *p /= sum;
        }
        Self { maximum, rest: others.ln_1p() }
    }

    /// `−ln p` of the class whose logit is `y`.
    #[inline]
    fn surprise(self, y: T) -> T {
        (self.maximum - y) + self.rest
    }
}

/// The largest logit, and where it is.
#[inline]
fn maximum<T: Scalar, const N: usize>(y: &[T; N]) -> (usize, T) {
    let (mut at, mut maximum) = (0, T::NEG_INFINITY);
    for (c, y) in y.iter().enumerate() {
        if *y > maximum {
            (at, maximum) = (c, *y);
        }
    }
    (at, maximum)
}

/// `ℓ = Σ_c q_c (−ln p_c)`; terms without weight are left out, so that an impossible class that nobody asks for costs nothing.
#[inline]
fn value<T: Scalar, const N: usize>(y: &[T; N], q: impl Fn(usize) -> T) -> T {
    let all = LogSumExp::of(y);
    let mut loss = T::ZERO;
    for (c, y) in y.iter().enumerate() {
        let q = q(c);
        if q != T::ZERO {
            loss += q * all.surprise(*y);
        }
    }
    loss
}

/// As [`value`], and `dy_c = p_c Σⱼ qⱼ − q_c`.
#[inline]
fn gradient<T: Scalar, const N: usize>(y: &[T; N], q: impl Fn(usize) -> T, dy: &mut [T; N]) -> T {
    let all = LogSumExp::with_softmax(y, dy);
    let (mut loss, mut total) = (T::ZERO, T::ZERO);
    for (c, y) in y.iter().enumerate() {
        let q = q(c);
        total += q;
        if q != T::ZERO {
            loss += q * all.surprise(*y);
        }
    }
    for (c, dy) in dy.iter_mut().enumerate() {
        *dy = *dy * total - q(c);
    }
    loss
}

/// [`gradient`] of each sample times its weight `s` and `factor`; returns the sums of the losses and weights.
#[cfg(feature = "std")]
#[inline]
fn all_gradients<T: Scalar, const N: usize>(
    kernels: Kernels,
    y: &[[T; N]],
    q: impl Fn(usize, usize) -> T,
    s: impl Fn(usize) -> f64,
    factor: f64,
    dy: &mut [[T; N]],
) -> Sums {
    let mut sums = Sums::default();
    let mut done = 0;
    if const { N <= side_by_side::CLASSES && T::HAS_KERNELS } {
        for (y, dy) in y.chunks(SAMPLES).zip(dy.chunks_mut(SAMPLES)) {
            if y.len() < side_by_side::FEW {
                break;
            }
            let s: [f64; SAMPLES] = from_fn(|n| if n < y.len() { s(done + n) } else { 0.0 });
            let scale = s.map(|s| T::from_f64(factor * s));
            let (mut of_y, mut of_q, mut of_dy) = ([[T::ZERO; SAMPLES]; N], [[T::ZERO; SAMPLES]; N], [[T::ZERO; SAMPLES]; N]);
            for (n, y) in y.iter().enumerate() {
                for c in 0..N {
                    of_y[c][n] = y[c];
                    of_q[c][n] = q(done + n, c);
                }
            }
            let mut losses = [T::ZERO; SAMPLES];
            let losses = &mut losses[..y.len()];
            if let (Some(y), Some(q), Some(scale)) =
                (T::f32s(of_y.as_flattened()), T::f32s(of_q.as_flattened()), T::f32s(&scale).and_then(<[f32]>::first_chunk))
                && let (Some(dy), Some(losses)) = (T::f32s_mut(of_dy.as_flattened_mut()), T::f32s_mut(losses))
            {
                side_by_side::gradients(kernels, y, q, scale, dy, losses);
            }
            for (n, dy) in dy.iter_mut().enumerate() {
                for c in 0..N {
                    dy[c] = of_dy[c][n];
                }
            }
            for (s, loss) in s.into_iter().zip(losses) {
                sums += Sums { loss: s * loss.to_f64(), share: s };
            }
            done += y.len();
        }
    }
    for (i, (y, dy)) in y.iter().zip(dy).enumerate().skip(done) {
        let loss = gradient(y, |c| q(i, c), dy);
        let scale = T::from_f64(factor * s(i));
        for dy in dy {
            *dy *= scale;
        }
        sums += Sums { loss: s(i) * loss.to_f64(), share: s(i) };
    }
    sums
}

impl<K: IsLogits, T: Scalar, D: Distribution<T, N>, const N: usize> Loss<K, [T; N], D> for CrossEntropy {
    #[inline]
    fn loss(&self, y: &[T; N], target: &D) -> T {
        value(y, |c| target.probability(c))
    }
    #[inline]
    fn gradient(&self, y: &[T; N], target: &D, dy: &mut [T; N]) -> T {
        gradient(y, |c| target.probability(c), dy)
    }

    #[cfg(feature = "std")]
    #[inline]
    fn gradients(&self, y: &[[T; N]], targets: &[D], weights: Option<&[f32]>, factor: f64, dy: &mut [[T; N]]) -> Sums {
        let n = y.len().min(targets.len());
        let (q, scale) = (|i: usize, c| targets[i].probability(c), |i| weight(weights, i));
        all_gradients(Kernels::detect(), &y[..n], q, scale, factor, dy)
    }

    #[cfg(feature = "std")]
    #[inline]
    fn gradients_of(&self, kernels: Kernels, y: &[[T; N]], targets: &[&D], weights: &[f32], factor: f64, dy: &mut [[T; N]]) -> Sums {
        let n = y.len().min(targets.len()).min(weights.len());
        let (q, scale) = (|i: usize, c| targets[i].probability(c), |i| f64::from(weights[i]));
        all_gradients(kernels, &y[..n], q, scale, factor, dy)
    }
    fn meaning(&self) -> Meaning {
        Meaning::Classes
    }
    fn check_target(&self, target: &D) -> Result<(), TargetError> {
        check_distribution::<T, D, N>("CrossEntropy", target)
    }
}

impl<W: Copy> CrossEntropyWith<W> {
    /// `q_c`, for the class `c`.
    #[inline]
    fn q<T: Scalar, const N: usize>(&self, target: &impl Distribution<T, N>, c: usize) -> T
    where
        W: ClassWeights<N>,
    {
        let smoothing = self.label_smoothing;
        let spread = T::from_f64(smoothing / N as f64);
        T::from_f64(self.class_weights.of(c)) * (T::from_f64(1.0 - smoothing) * target.probability(c) + spread)
    }
}

impl<K: IsLogits, T: Scalar, D: Distribution<T, N>, W: ClassWeights<N>, const N: usize> Loss<K, [T; N], D> for CrossEntropyWith<W> {
    #[inline]
    fn loss(&self, y: &[T; N], target: &D) -> T {
        value(y, |c| self.q(target, c))
    }
    #[inline]
    fn gradient(&self, y: &[T; N], target: &D, dy: &mut [T; N]) -> T {
        gradient(y, |c| self.q(target, c), dy)
    }
    #[inline]
    fn share(&self, target: &D) -> T {
        target.class().map_or(T::ONE, |c| T::from_f64(self.class_weights.of(c)))
    }
    fn check(&self) -> Result<(), SettingError> {
        SettingError::share("CrossEntropy", "label_smoothing", self.label_smoothing)?;
        (0..N).try_for_each(|c| SettingError::not_negative("CrossEntropy", "class weight", self.class_weights.of(c)))?;
        SettingError::positive("CrossEntropy", "sum of class weights", (0..N).map(|c| self.class_weights.of(c)).sum())
    }
    fn meaning(&self) -> Meaning {
        Meaning::Classes
    }
    fn check_target(&self, target: &D) -> Result<(), TargetError> {
        check_distribution::<T, D, N>("CrossEntropy", target)
    }
}
