//! Batch normalisation: `y = w[c] x̂ + b[c]`, `x̂ = (x − μ[c]) / √(σ²[c] + ε)`, for each channel `c`; shapes `[C, …] -> [C, …]`.
//!
//! While training, `μ` and `σ²` are the mean and the biased variance of the channel's `n` values, over the batch and all positions; in use, and
//! where it is frozen, they are `running_mean` and `running_var`. After each update these move: `r ← (1 − momentum) r + momentum s`, where `s` is
//! the batch's mean, or its unbiased variance `σ² n / (n − 1)`, as PyTorch has it.
//!
//! Given `dy`: `db[c] = Σ dy`, `dw[c] = Σ dy x̂`, and with `k = w[c] / √(σ²[c] + ε)`, while training
//! `dx = k (dy − db[c]/n − x̂ dw[c]/n)`, because `μ` and `σ²` depend on `x`; frozen, `dx = k dy`. Backward needs the input `x`.
//!
//! Source: Ioffe, Szegedy 2015; PyTorch's `BatchNorm1d` and `BatchNorm2d`.

use core::mem::offset_of;

use super::sums::{sum, sum_of_pairs};
use crate::init::Initializer;
use crate::random::Stream;
use crate::spec::{Dtype, Entry, Item, Role};
use crate::{Buffer, Layer, Learns, Pass, Plain, Real, Scalar, Shape, Simd, Spec, Store, Tensor};

/// Normalises each channel over the batch and all positions: `P` is one channel, `f32` in `[C]`, `[[f32; W]; H]` in `[C, H, W]`.
///
/// `EPSILON` and `MOMENTUM` are bits of `f64`, because a type cannot hold a float: `{ 1e-5f64.to_bits() }`.
#[repr(C)]
pub struct BatchNorm<
    const C: usize,
    P: Tensor = f32,
    const EPSILON: u64 = { 1e-5f64.to_bits() },
    const MOMENTUM: u64 = { 0.1f64.to_bits() },
> {
    /// `w`, `[C]`.
    pub weight: [P::Scalar; C],
    /// `b`, `[C]`.
    pub bias: [P::Scalar; C],
    /// The mean that is used outside training, `[C]`.
    pub running_mean: [P::Scalar; C],
    /// The variance that is used outside training, `[C]`.
    pub running_var: [P::Scalar; C],
    /// The number of updates that have moved the running statistics.
    pub num_batches_tracked: <P::Scalar as Scalar>::Count,
}

// SAFETY: `repr(C)`, arrays of one scalar and a counter of its size: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<const C: usize, P: Tensor, const EPSILON: u64, const MOMENTUM: u64> Plain for BatchNorm<C, P, EPSILON, MOMENTUM> {}

/// The gradient of a [`BatchNorm`].
#[repr(C)]
pub struct BatchNormGradient<const C: usize, T> {
    /// `dw`, `[C]`.
    pub weight: [T; C],
    /// `db`, `[C]`.
    pub bias: [T; C],
}

// SAFETY: `repr(C)`, arrays of one scalar: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<const C: usize, T: Scalar> Plain for BatchNormGradient<C, T> {}

/// What a batch says of its channels.
#[repr(C)]
pub struct BatchStatistics<const C: usize, T> {
    /// `μ`.
    mean: [T; C],
    /// `1 / √(σ² + ε)`.
    inverse_deviation: [T; C],
    /// The unbiased variance, for `running_var`.
    unbiased_variance: [T; C],
}

// SAFETY: `repr(C)`, arrays of one scalar: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<const C: usize, T: Scalar> Plain for BatchStatistics<C, T> {}

/// Channels that are treated together, so that vectors (one number a channel) fill the lanes too.
const BLOCK: usize = 16;

/// The channels of block `k`, of `[C]`.
#[inline]
fn block<X>(channels: &[X], k: usize) -> &[X] {
    channels.chunks(BLOCK).nth(k).unwrap_or(&[])
}

/// As [`block`], to be written.
#[inline]
fn block_mut<X>(channels: &mut [X], k: usize) -> &mut [X] {
    channels.chunks_mut(BLOCK).nth(k).unwrap_or(&mut [])
}

/// Per channel of block `k`: `Σ f(x, channel)` over the batch and all positions, in f64.
#[inline]
fn channel_sums<P: Tensor, const C: usize>(x: &[[P; C]], k: usize, f: impl Fn(P::Scalar, usize) -> f64) -> [f64; BLOCK] {
    let mut sums = [0.0; BLOCK];
    for x in x {
        for (c, (total, x)) in sums.iter_mut().zip(block(x, k)).enumerate() {
            *total += sum(x.flat(), |x| f(*x, c));
        }
    }
    sums
}

impl<const C: usize, P: Tensor, const EPSILON: u64, const MOMENTUM: u64> BatchNorm<C, P, EPSILON, MOMENTUM> {
    /// The number of blocks of channels.
    const BLOCKS: usize = C.div_ceil(BLOCK);

    /// `1 / √(running_var + ε)` of the channels of block `k`.
    #[inline]
    fn running_inverse_deviation(&self, k: usize) -> [P::Scalar; BLOCK] {
        let epsilon = P::Scalar::from_f64(f64::from_bits(EPSILON));
        let mut inverse = [P::Scalar::ZERO; BLOCK];
        for (inverse, variance) in inverse.iter_mut().zip(block(&self.running_var, k)) {
            *inverse = P::Scalar::ONE / (*variance + epsilon).sqrt();
        }
        inverse
    }

    /// `y = w (x − mean) inverse + b` in the channels of block `k`.
    #[inline]
    fn normalise(&self, k: usize, x: &[[P; C]], y: &mut [[P; C]], mean: &[P::Scalar], inverse: &[P::Scalar]) {
        let mut scale = [P::Scalar::ZERO; BLOCK];
        for ((scale, w), inverse) in scale.iter_mut().zip(block(&self.weight, k)).zip(inverse) {
            *scale = *w * *inverse;
        }
        for (x, y) in x.iter().zip(y) {
            let channels = block(x, k).iter().zip(block_mut(y, k)).zip(scale.iter().zip(mean).zip(block(&self.bias, k)));
            for ((x, y), ((scale, mean), b)) in channels {
                for (x, y) in x.flat().iter().zip(y.flat_mut()) {
                    *y = (*x - *mean) * *scale + *b;
                }
            }
        }
    }
}

impl<const C: usize, P: Tensor, const EPSILON: u64, const MOMENTUM: u64> Layer for BatchNorm<C, P, EPSILON, MOMENTUM> {
    type Scalar = P::Scalar;
    type Input = [P; C];
    type Output = [P; C];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = BatchNormGradient<C, P::Scalar>;
    type Tape<B: Store> = B::Of<BatchStatistics<C, P::Scalar>>;
    type Workspace<B: Store> = ();

    const PARAMETERS: usize = 2 * C;
    const MACS: usize = C * P::LEN;
    const MIN_BATCH: usize = if P::LEN == 1 { 2 } else { 1 };
    const SPEC: &'static Spec = &Spec {
        name: "BatchNorm",
        entries: &[
            Entry {
                key: "weight",
                offset: offset_of!(Self, weight),
                gradient: Some(offset_of!(BatchNormGradient<C, P::Scalar>, weight)),
                item: Item::Tensor { shape: Shape::new(&[C]), dtype: <P::Scalar as Scalar>::DTYPE, role: Role::Parameter },
            },
            Entry {
                key: "bias",
                offset: offset_of!(Self, bias),
                gradient: Some(offset_of!(BatchNormGradient<C, P::Scalar>, bias)),
                item: Item::Tensor { shape: Shape::new(&[C]), dtype: <P::Scalar as Scalar>::DTYPE, role: Role::Parameter },
            },
            Entry {
                key: "running_mean",
                offset: offset_of!(Self, running_mean),
                gradient: None,
                item: Item::Tensor { shape: Shape::new(&[C]), dtype: <P::Scalar as Scalar>::DTYPE, role: Role::State },
            },
            Entry {
                key: "running_var",
                offset: offset_of!(Self, running_var),
                gradient: None,
                item: Item::Tensor { shape: Shape::new(&[C]), dtype: <P::Scalar as Scalar>::DTYPE, role: Role::State },
            },
            Entry {
                key: "num_batches_tracked",
                offset: offset_of!(Self, num_batches_tracked),
                gradient: None,
                item: Item::Tensor { shape: Shape::SCALAR, dtype: count_dtype(<P::Scalar as Scalar>::DTYPE), role: Role::State },
            },
        ],
        rows: &[],
    };

    #[inline]
    fn infer<S: Simd, B: Store>(&self, _: S, x: &[[P; C]], y: &mut [[P; C]], (): &mut ()) {
        for k in 0..Self::BLOCKS {
            self.normalise(k, x, y, block(&self.running_mean, k), &self.running_inverse_deviation(k));
        }
    }

    #[inline]
    fn forward<S: Simd, B: Store>(&self, s: S, pass: Pass<'_>, x: &[[P; C]], y: &mut [[P; C]], tape: &mut Self::Tape<B>) {
        if pass.is_frozen() {
            return self.infer::<S, B>(s, x, y, &mut ());
        }
        let Some(statistics) = tape.batch_mut(1).first_mut() else { return };
        let n = (x.len() * P::LEN) as f64;
        for k in 0..Self::BLOCKS {
            let mean = channel_sums(x, k, |x, _| x.to_f64()).map(|sum| sum / n);
            let squares = channel_sums(x, k, |x, c| {
                let gap = x.to_f64() - mean.get(c).copied().unwrap_or(0.0);
                gap * gap
            });
            let means = block_mut(&mut statistics.mean, k);
            let inverses = block_mut(&mut statistics.inverse_deviation, k);
            let variances = block_mut(&mut statistics.unbiased_variance, k);
            let channels = mean.iter().zip(squares).zip(means.iter_mut().zip(inverses.iter_mut()).zip(variances));
            for ((mean, squares), ((saved_mean, inverse), variance)) in channels {
                *saved_mean = P::Scalar::from_f64(*mean);
                *inverse = P::Scalar::from_f64(1.0 / (squares / n + f64::from_bits(EPSILON)).sqrt());
                *variance = P::Scalar::from_f64(squares / (n - 1.0));
            }
            self.normalise(k, x, y, means, inverses);
        }
    }

    #[inline]
    fn backward<S: Simd, B: Store>(
        &self,
        _: S,
        pass: Pass<'_>,
        x: &[[P; C]],
        _: &[[P; C]],
        dy: &mut [[P; C]],
        mut dx: Option<&mut [[P; C]]>,
        tape: &mut Self::Tape<B>,
        mut gradient: Option<&mut Self::Gradient>,
    ) {
        let frozen = pass.is_frozen();
        let n = (x.len() * P::LEN) as f64;
        for k in 0..Self::BLOCKS {
            let running = self.running_inverse_deviation(k);
            let (mean, inverse) = match tape.batch_mut(1).first() {
                Some(statistics) if !frozen => (block(&statistics.mean, k), block(&statistics.inverse_deviation, k)),
                _ => (block(&self.running_mean, k), &running[..]),
            };
            let (mut db, mut dw) = ([0.0; BLOCK], [0.0; BLOCK]);
            if gradient.is_some() || !frozen {
                for (x, dy) in x.iter().zip(&*dy) {
                    let channels = db.iter_mut().zip(&mut dw).zip(block(x, k).iter().zip(block(dy, k))).zip(mean.iter().zip(inverse));
                    for (((db, dw), (x, dy)), (mean, inverse)) in channels {
                        // forward: y = w x̂ + b
                        *db += sum(dy.flat(), |dy| dy.to_f64());
                        *dw += sum_of_pairs(x.flat(), dy.flat(), |x, dy| dy.to_f64() * ((*x - *mean) * *inverse).to_f64());
                    }
                }
            }
            if let Some(gradient) = gradient.as_deref_mut() {
                for (total, db) in block_mut(&mut gradient.bias, k).iter_mut().zip(&db) {
                    *total += P::Scalar::from_f64(*db);
                }
                for (total, dw) in block_mut(&mut gradient.weight, k).iter_mut().zip(&dw) {
                    *total += P::Scalar::from_f64(*dw);
                }
            }
            let Some(dx) = dx.as_deref_mut() else { continue };
            // dx = scale dy − slope (x − μ) − shift; frozen, the statistics do not depend on x: no slope, no shift.
            let (mut scale, mut slope, mut shift) = ([P::Scalar::ZERO; BLOCK], [P::Scalar::ZERO; BLOCK], [P::Scalar::ZERO; BLOCK]);
            for (scale, (w, inverse)) in scale.iter_mut().zip(block(&self.weight, k).iter().zip(inverse)) {
                *scale = *w * *inverse;
            }
            if !frozen {
                let channels = slope.iter_mut().zip(&mut shift).zip(db.iter().zip(&dw)).zip(scale.iter().zip(inverse));
                for (((slope, shift), (db, dw)), (scale, inverse)) in channels {
                    *slope = *scale * *inverse * P::Scalar::from_f64(dw / n);
                    *shift = *scale * P::Scalar::from_f64(db / n);
                }
            }
            for ((dx, x), dy) in dx.iter_mut().zip(x).zip(&*dy) {
                let values = block_mut(dx, k).iter_mut().zip(block(x, k)).zip(block(dy, k));
                let channels = values.zip(scale.iter().zip(&slope).zip(shift.iter().zip(mean)));
                for (((dx, x), dy), ((scale, slope), (shift, mean))) in channels {
                    for ((dx, x), dy) in dx.flat_mut().iter_mut().zip(x.flat()).zip(dy.flat()) {
                        *dx = (*dy * *scale - *shift) - (*x - *mean) * *slope;
                    }
                }
            }
        }
    }

    fn finish<B: Store>(&mut self, pass: Pass<'_>, tape: &Self::Tape<B>) {
        if pass.is_frozen() {
            return;
        }
        let Some(statistics) = tape.batch(1).first() else { return };
        let momentum = P::Scalar::from_f64(f64::from_bits(MOMENTUM));
        let keep = P::Scalar::from_f64(1.0 - f64::from_bits(MOMENTUM));
        for (running, mean) in self.running_mean.iter_mut().zip(&statistics.mean) {
            *running = keep * *running + momentum * *mean;
        }
        for (running, variance) in self.running_var.iter_mut().zip(&statistics.unbiased_variance) {
            *running = keep * *running + momentum * *variance;
        }
        let next = self.num_batches_tracked.into().saturating_add(1);
        self.num_batches_tracked = next.try_into().unwrap_or(self.num_batches_tracked);
    }

    fn initialize(&mut self, _: &impl Initializer, _: &mut Stream) {
        self.weight.fill(P::Scalar::ONE);
        self.bias.fill(P::Scalar::ZERO);
        self.running_mean.fill(P::Scalar::ZERO);
        self.running_var.fill(P::Scalar::ONE);
        self.num_batches_tracked = Default::default();
    }
}

/// The counter's type beside numbers of this type.
const fn count_dtype(scalar: Dtype) -> Dtype {
    if scalar.size() == 8 { Dtype::U64 } else { Dtype::U32 }
}
