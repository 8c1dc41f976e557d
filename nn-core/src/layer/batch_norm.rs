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

use super::channels::{BLOCK, block, block_mut, channel_sums, channel_sums_of_pairs, filled, map_channels, map_pairs_of_channels, of};
use crate::init::Initializer;
use crate::random::Stream;
use crate::spec::{Dtype, Entry, Item, Role};
use crate::{Buffer, Layer, LearnsInBatches, Pass, Plain, Real, Scalar, Shape, Simd, Spec, Store, Tensor};

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
        let (mean, bias) = (filled(mean, 0), filled(&self.bias, k));
        map_channels(x, y, k, |x, c| (x - of(c, &mean)) * of(c, &scale) + of(c, &bias));
    }

    /// `dw` and `db` of the channels of block `k`, and their `dx`; `statistics` of the batch, or `None` where it is frozen.
    #[inline]
    fn gradient(
        &self,
        k: usize,
        statistics: Option<&BatchStatistics<C, P::Scalar>>,
        learns: bool,
        x: &[[P; C]],
        dy: &[[P; C]],
        dx: Option<&mut [[P; C]]>,
    ) -> ([f64; BLOCK], [f64; BLOCK]) {
        let n = (x.len() * P::LEN) as f64;
        let (mean, inverse) = match statistics {
            Some(statistics) => (filled(&statistics.mean, k), filled(&statistics.inverse_deviation, k)),
            None => (filled(&self.running_mean, k), self.running_inverse_deviation(k)),
        };
        let (mut db, mut dw) = ([0.0; BLOCK], [0.0; BLOCK]);
        if learns || statistics.is_some() {
            // forward: y = w x̂ + b
            db = channel_sums(dy, k, |dy, _| dy.to_f64());
            dw = channel_sums_of_pairs(x, dy, k, |x, dy, c| dy.to_f64() * ((x - of(c, &mean)) * of(c, &inverse)).to_f64());
        }
        let Some(dx) = dx else { return (dw, db) };
        // dx = scale dy − slope (x − μ) − shift; frozen, the statistics do not depend on x: no slope, no shift.
        let (mut scale, mut slope, mut shift) = ([P::Scalar::ZERO; BLOCK], [P::Scalar::ZERO; BLOCK], [P::Scalar::ZERO; BLOCK]);
        for (scale, (w, inverse)) in scale.iter_mut().zip(block(&self.weight, k).iter().zip(&inverse)) {
            *scale = *w * *inverse;
        }
        if statistics.is_some() {
            // What rounding has left of Σ (x − μ), where the variance is small, would be the whole gradient of a bias before this layer.
            let rest = channel_sums(x, k, |x, c| (x - of(c, &mean)).to_f64());
            let channels = slope.iter_mut().zip(&mut shift).zip(db.iter().zip(&dw).zip(&rest)).zip(scale.iter().zip(&inverse));
            for (((slope, shift), ((db, dw), rest)), (scale, inverse)) in channels {
                *slope = *scale * *inverse * P::Scalar::from_f64(dw / n);
                *shift = P::Scalar::from_f64((scale.to_f64() * db - slope.to_f64() * rest) / n);
            }
        }
        map_pairs_of_channels(x, dy, dx, k, |x, dy, c| (dy * of(c, &scale) - of(c, &shift)) - (x - of(c, &mean)) * of(c, &slope));
        (dw, db)
    }
}

/// `to += scale sums`
#[inline]
fn add_to<T: Scalar>(to: &mut [T], scale: T, sums: &[f64; BLOCK]) {
    for (to, sum) in to.iter_mut().zip(sums) {
        *to += scale * T::from_f64(*sum);
    }
}

impl<const C: usize, P: Tensor, const EPSILON: u64, const MOMENTUM: u64> Layer for BatchNorm<C, P, EPSILON, MOMENTUM> {
    type Scalar = P::Scalar;
    type Input = [P; C];
    type Output = [P; C];
    type Kind = Real;
    type Learning = LearnsInBatches;
    type Gradient = BatchNormGradient<C, P::Scalar>;
    type Tape<B: Store> = B::Of<BatchStatistics<C, P::Scalar>>;
    type Workspace<B: Store> = ();

    const PARAMETERS: usize = 2 * C;
    const MACS: usize = C * P::LEN;
    const MIN_BATCH: usize = if P::LEN == 1 { 2 } else { 1 };
    const REPLACES: bool = true;
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
                let gap = x.to_f64() - of(c, &mean);
                gap * gap
            });
            let means = block_mut(&mut statistics.mean, k);
            let inverses = block_mut(&mut statistics.inverse_deviation, k);
            let variances = block_mut(&mut statistics.unbiased_variance, k);
            let channels = mean.iter().zip(squares).zip(means.iter_mut().zip(inverses.iter_mut()).zip(variances));
            for ((mean, squares), ((saved_mean, inverse), variance)) in channels {
                *saved_mean = P::Scalar::from_f64(*mean);
                *inverse = P::Scalar::from_f64(1.0 / (squares / n + f64::from_bits(EPSILON)).sqrt());
                *variance = P::Scalar::from_f64(squares / (n - 1.0).max(1.0));
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
        gradient: Option<&mut Self::Gradient>,
    ) {
        let mut gradient = pass.start(gradient);
        let statistics = if pass.is_frozen() { None } else { tape.batch(1).first() };
        for k in 0..Self::BLOCKS {
            let (dw, db) = self.gradient(k, statistics, gradient.is_some(), x, dy, dx.as_deref_mut());
            if let Some(gradient) = gradient.as_deref_mut() {
                add_to(block_mut(&mut gradient.weight, k), P::Scalar::ONE, &dw);
                add_to(block_mut(&mut gradient.bias, k), P::Scalar::ONE, &db);
            }
        }
    }

    #[inline]
    fn descend<S: Simd, B: Store>(
        &mut self,
        _: S,
        pass: Pass<'_>,
        x: &[[P; C]],
        _: &[[P; C]],
        dy: &mut [[P; C]],
        mut dx: Option<&mut [[P; C]]>,
        tape: &mut Self::Tape<B>,
        rate: P::Scalar,
    ) {
        let statistics = if pass.is_frozen() { None } else { tape.batch(1).first() };
        for k in 0..Self::BLOCKS {
            let (dw, db) = self.gradient(k, statistics, true, x, dy, dx.as_deref_mut());
            add_to(block_mut(&mut self.weight, k), -rate, &dw);
            add_to(block_mut(&mut self.bias, k), -rate, &db);
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

#[cfg(test)]
mod tests {
    use super::BatchNorm;
    use crate::{Layer, One, Pass, Plain, Portable, Scratch, Tensor};

    fn assert_near(what: &str, values: &[f64], expected: &[f64]) {
        assert_eq!(values.len(), expected.len(), "{what}");
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() <= 1e-14, "{what}: {values:?} is not {expected}");
        }
    }

    fn layer() -> BatchNorm<2, f64> {
        BatchNorm { weight: [1.5, -0.5], bias: [0.25, 1.0], running_mean: [0.0; 2], running_var: [1.0; 2], num_batches_tracked: 0 }
    }

    const X: [[f64; 2]; 3] = [[1.0, 2.0], [3.0, -1.0], [4.5, 0.5]];
    const DY: [[f64; 2]; 3] = [[1.0, -1.0], [0.5, 2.0], [-1.0, 0.25]];

    // The expected numbers are PyTorch's (BatchNorm1d and BatchNorm2d in float64).
    #[test]
    fn it_trains_as_in_pytorch() {
        let mut layer = layer();
        let mut tape = <BatchNorm<2, f64> as Layer>::Tape::<One>::new();
        let pass = Pass::new(0, 1);
        let (mut y, mut dy, mut dx, mut gradient) = ([[0.0; 2]; 3], DY, [[0.0; 2]; 3], Plain::ZEROED);
        layer.forward::<_, One>(Portable, pass, &X, &mut y, &mut tape);
        layer.backward::<_, One>(Portable, pass, &X, &y, &mut dy, Some(&mut dx), &mut tape, Some(&mut gradient));
        assert_near(
            "y",
            <[f64; 2]>::flatten(&y),
            &[
                -1.668_081_373_675_351_5,
                0.387_629_605_535_451_56,
                0.424_371_033_970_486_26,
                1.612_370_394_464_548_2,
                1.993_710_339_704_864_5,
                1.0,
            ],
        );
        assert_near(
            "dx",
            <[f64; 2]>::flatten(&dx),
            &[
                -0.190_860_421_270_224_62,
                -0.034_016_495_028_172_39,
                0.445_352_576_224_850_8,
                -0.034_024_659_912_332_916,
                -0.254_492_154_954_626_4,
                0.068_041_154_940_505_37,
            ],
        );
        assert_near("dw", &gradient.weight, &[-2.383_070_797_596_648_7, -3.674_222_366_787_29]);
        assert_near("db", &gradient.bias, &[0.5, 1.25]);
        assert_near("before the update", &layer.running_mean, &[0.0; 2]);

        layer.finish::<One>(pass, &tape);
        assert_near("running_mean", &layer.running_mean, &[0.283_333_333_333_333_4, 0.05]);
        assert_near("running_var", &layer.running_var, &[1.208_333_333_333_333_5, 1.125]);
        let twice = X.map(|x| x.map(|x| 2.0 * x + 1.0));
        layer.forward::<_, One>(Portable, pass, &twice, &mut y, &mut tape);
        layer.finish::<One>(pass, &tape);
        assert_near("running_mean", &layer.running_mean, &[0.921_666_666_666_666_9, 0.245]);
        assert_near("running_var", &layer.running_var, &[2.320_833_333_333_333_7, 1.912_5]);
        assert_eq!(layer.num_batches_tracked, 2);

        // In use, and frozen: the running statistics, which stay.
        let expected = [
            0.327_128_512_250_056,
            0.365_480_069_753_897,
            2.296_367_122_889_788,
            1.450_129_523_166_039,
            3.773_296_080_869_587,
            0.907_804_796_459_968,
        ];
        layer.infer::<_, One>(Portable, &X, &mut y, &mut ());
        assert_near("y in use", <[f64; 2]>::flatten(&y), &expected);
        let frozen = pass.frozen();
        (y, dy, gradient) = ([[0.0; 2]; 3], DY, Plain::ZEROED);
        layer.forward::<_, One>(Portable, frozen, &X, &mut y, &mut tape);
        assert_near("y frozen", <[f64; 2]>::flatten(&y), &expected);
        layer.backward::<_, One>(Portable, frozen, &X, &y, &mut dy, Some(&mut dx), &mut tape, Some(&mut gradient));
        layer.finish::<One>(frozen, &tape);
        assert_near(
            "dx frozen",
            <[f64; 2]>::flatten(&dx),
            &[
                0.984_619_305_319_866,
                0.361_549_817_804_047_3,
                0.492_309_652_659_933,
                -0.723_099_635_608_094_6,
                -0.984_619_305_319_866,
                -0.090_387_454_451_011_83,
            ],
        );
        assert_near("dw frozen", &gradient.weight, &[-1.615_322_671_449_758, -3.023_460_351_386_346]);
        assert_near("running_var", &layer.running_var, &[2.320_833_333_333_333_7, 1.912_5]);
        assert_eq!(layer.num_batches_tracked, 2);
    }

    #[test]
    fn images_count_every_position_and_settings_are_kept() {
        type Images = BatchNorm<2, [[f64; 3]; 1], { 1e-3f64.to_bits() }, { 0.3f64.to_bits() }>;
        let mut layer = Images::ZEROED;
        layer.initialize(&crate::init::Zeros, &mut crate::random::Stream::new(&[]));
        let mut tape = <Images as Layer>::Tape::<One>::new();
        let mut y = [[[[0.0; 3]; 1]; 2]];
        layer.forward::<_, One>(Portable, Pass::new(0, 1), &[[[[1.0, 2.0, 3.0]], [[0.0, 1.0, -1.0]]]], &mut y, &mut tape);
        layer.finish::<One>(Pass::new(0, 1), &tape);
        let one = 1.223_827_344_826_500_7;
        assert_near("y", Tensor::flatten(&y), &[-one, 0.0, one, 0.0, one, -one]);
        assert_near("running_mean", &layer.running_mean, &[0.6, 0.0]);
        assert_near("running_var", &layer.running_var, &[1.0, 1.0]);
    }

    #[test]
    fn one_value_a_channel_is_too_few() {
        assert_eq!(<BatchNorm<2> as Layer>::MIN_BATCH, 2);
        assert_eq!(<BatchNorm<2, [f32; 1]> as Layer>::MIN_BATCH, 2);
        assert_eq!(<BatchNorm<2, [f32; 2]> as Layer>::MIN_BATCH, 1);
    }

    #[test]
    fn many_values_are_summed_accurately_in_f32() {
        // A mean far from zero: sums in f32 would lose the variance.
        type Signal = BatchNorm<1, [f32; 4096]>;
        let mut layer = Signal::ZEROED;
        layer.initialize(&crate::init::Zeros, &mut crate::random::Stream::new(&[]));
        let mut tape = <Signal as Layer>::Tape::<One>::new();
        let x: [f32; 4096] = core::array::from_fn(|i| if i % 2 == 0 { 4096.0 } else { 4096.5 });
        let mut y = [[[0.0; 4096]]];
        layer.forward::<_, One>(Portable, Pass::new(0, 1), &[[x]], &mut y, &mut tape);
        // ±¼ over √(1/16 + 1e-5)
        assert!(y[0][0].iter().all(|y| (y.abs() - 0.999_92).abs() < 1e-6), "{} {}", y[0][0][0], y[0][0][1]);
    }
}
