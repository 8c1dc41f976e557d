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

/// Whether a layer can learn, and from how many samples; see [`Learns`], [`LearnsInBatches`] and [`OnlyPredicts`].
pub trait Learning: 'static {
    /// The mark of a network with a layer of this mark and one of `Other`.
    type And<Other: Learning>: Learning;
    /// The mark with a layer that needs batches beside it.
    type AndBatches: Learning;
    /// The mark of the same layer, frozen.
    type Frozen: Learning;
}

/// Gradients exist, for a single sample too.
pub struct Learns;
/// It contains a `BatchNorm` that is not frozen, whose statistics are a batch's: it does not learn from one sample at a time.
pub struct LearnsInBatches;
/// It contains `Step`, whose gradient is zero everywhere.
pub struct OnlyPredicts;
/// Its normalisation is folded into the layers before it; what it was folded from learns.
pub struct Folded;

impl Learning for Learns {
    type And<Other: Learning> = Other;
    type AndBatches = LearnsInBatches;
    type Frozen = Self;
}
impl Learning for LearnsInBatches {
    type And<Other: Learning> = Other::AndBatches;
    type AndBatches = Self;
    type Frozen = Learns;
}
impl Learning for OnlyPredicts {
    type And<Other: Learning> = Self;
    type AndBatches = Self;
    type Frozen = Self;
}

impl Learning for Folded {
    type And<Other: Learning> = Self;
    type AndBatches = Self;
    type Frozen = Learns;
}

/// The mark of networks that can learn from one sample at a time.
#[diagnostic::on_unimplemented(
    message = "this network does not learn from one sample at a time: it is marked `{Self}`",
    label = "not from one sample",
    note = "`LearnsInBatches`: its `BatchNorm` needs the statistics of a batch; freeze it (`#[frozen]`), use `LayerNorm`, or `train` on batches",
    note = "`OnlyPredicts`: it has a `Step`, whose gradient is zero everywhere; train it with `Sigmoid` or `HardSigmoid` instead",
    note = "`Folded`: its normalisation is folded for use; train the network that it is folded from, and fold that again; as a part of another network, freeze it (`#[frozen]`)",
    note = "where the network is any `N: Network`, say `N: Network<Learning = Learns>`"
)]
pub trait LearnsAlone: Learning {}
impl LearnsAlone for Learns {}
