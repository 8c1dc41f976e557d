//! Marks on types: what an output means, and whether a network can learn.

use crate::Scalar;

/// What a layer's output means; a [`Loss`](crate::loss::Loss) fits some kinds only.
pub trait Kind: Send + Sync + 'static {
    /// The output that is neither yes nor no; above it, a yes is predicted: 0 for a logit, ½ for a probability.
    const EVEN: f64;

    /// Makes probabilities of one sample's output, in place.
    fn probabilities<T: Scalar>(y: &mut [T]) {
        let _ = y;
    }
}

/// Any numbers: logits, or a quantity.
pub struct Real;
/// Each number is the probability of a yes of its own: after `Sigmoid`.
pub struct Bernoulli;
/// One probability a class, summing to 1: after `Softmax`.
pub struct Probabilities;
/// The logarithms of probabilities: after `LogSoftmax`.
pub struct LogProbabilities;

impl Kind for Real {
    const EVEN: f64 = 0.0;

    /// Softmax of logits; of a single one, which speaks for yes against no, the sigmoid.
    fn probabilities<T: Scalar>(y: &mut [T]) {
        if let [z] = y {
            // Only an exponential of what is not positive, so that nothing overflows.
            let e = (-z.abs()).exp();
            *z = if *z < T::ZERO { e } else { T::ONE } / (T::ONE + e);
            return;
        }
        let m = y.iter().fold(T::NEG_INFINITY, |m, z| m.maximum(*z));
        for z in &mut *y {
            *z = (*z - m).exp();
        }
        let sum = y.iter().fold(T::ZERO, |sum, e| sum + *e);
        for e in y {
            *e /= sum;
        }
    }
}
impl Kind for Bernoulli {
    const EVEN: f64 = 0.5;
}
impl Kind for Probabilities {
    const EVEN: f64 = 0.5;
}
impl Kind for LogProbabilities {
    const EVEN: f64 = -core::f64::consts::LN_2;

    fn probabilities<T: Scalar>(y: &mut [T]) {
        for y in y {
            *y = y.exp();
        }
    }
}

/// Whether a layer can learn; see [`Learns`] and [`OnlyPredicts`].
pub trait Learning: 'static {
    /// Both can: the mark of a network with a layer of this mark and one of `Other`.
    type And<Other: Learning>: Learning;
}

/// Gradients exist.
pub struct Learns;
/// It contains `Step`, whose gradient is zero everywhere.
pub struct OnlyPredicts;

impl Learning for Learns {
    type And<Other: Learning> = Other;
}
impl Learning for OnlyPredicts {
    type And<Other: Learning> = Self;
}
