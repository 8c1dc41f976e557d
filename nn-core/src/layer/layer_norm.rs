//! Layer normalisation: `y[i] = w[i] x̂[i] + b[i]`, `x̂[i] = (x[i] − μ) / √(σ² + ε)`, with the mean `μ` and the biased variance `σ²` of all `n`
//! numbers of one sample; shapes `X -> X`.
//!
//! Given `dy`, with `g[i] = w[i] dy[i]`: `db[i] = dy[i]`, `dw[i] = dy[i] x̂[i]`,
//! `dx[i] = (g[i] − Σⱼ g[j] / n − x̂[i] Σⱼ g[j] x̂[j] / n) / √(σ² + ε)`. Backward needs the input `x`.
//!
//! Source: Ba, Kiros, Hinton 2016; PyTorch's `LayerNorm` with the whole shape of a sample as `normalized_shape`.

use core::mem::offset_of;

use super::sums::{sum, sum_of_pairs};
use crate::init::Initializer;
use crate::random::Stream;
use crate::spec::{Entry, Item, Role};
use crate::{Buffer, Layer, Learns, Pass, Plain, Real, Scalar, Simd, Spec, Store, Tensor};

/// Normalises each sample over all its numbers.
///
/// `EPSILON` is the bits of an `f64`, because a type cannot hold a float: `{ 1e-5f64.to_bits() }`.
#[repr(C)]
pub struct LayerNorm<X, const EPSILON: u64 = { 1e-5f64.to_bits() }> {
    /// `w`, of the sample's shape.
    pub weight: X,
    /// `b`, of the sample's shape.
    pub bias: X,
}

// SAFETY: `repr(C)`, two values of one plain type: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<X: Tensor, const EPSILON: u64> Plain for LayerNorm<X, EPSILON> {}

impl<X: Tensor, const EPSILON: u64> LayerNorm<X, EPSILON> {
    /// What so many samples cost, in multiply-adds.
    #[inline]
    fn work(x: &[X]) -> usize {
        x.len() * const { X::LEN * 16 }
    }

    /// `μ` and `1 / √(σ² + ε)` of one sample.
    #[inline(always)] // compiled for the caller's instruction set
    fn statistics(x: &X) -> [X::Scalar; 2] {
        let n = X::Scalar::from_f64(X::LEN as f64);
        let mean = sum(x.flat(), |x| *x) / n;
        let squares = sum(x.flat(), |x| (*x - mean) * (*x - mean));
        [mean, X::Scalar::ONE / (squares / n + X::Scalar::from_f64(f64::from_bits(EPSILON))).sqrt()]
    }

    #[inline(always)] // compiled for the caller's instruction set
    fn normalise(&self, x: &X, y: &mut X, [mean, inverse]: [X::Scalar; 2]) {
        for ((x, y), (w, b)) in x.flat().iter().zip(y.flat_mut()).zip(self.weight.flat().iter().zip(self.bias.flat())) {
            *y = *w * ((*x - mean) * inverse) + *b;
        }
    }

    /// `dx` from `g[i] = w[i] dy[i]`.
    #[inline(always)] // compiled for the caller's instruction set
    fn input_gradient(x: &X, g: &X, dx: &mut X, [mean, inverse]: [X::Scalar; 2]) {
        let n = X::Scalar::from_f64(X::LEN as f64);
        let g = g.flat();
        let shift = sum(g, |g| *g) / n;
        let slope = sum_of_pairs(g, x.flat(), |g, x| *g * ((*x - mean) * inverse)) / n;
        for ((dx, x), g) in dx.flat_mut().iter_mut().zip(x.flat()).zip(g) {
            *dx = inverse * ((*g - shift) - (*x - mean) * inverse * slope);
        }
    }
}

impl<X: Tensor, const EPSILON: u64> Layer for LayerNorm<X, EPSILON> {
    type Scalar = X::Scalar;
    type Input = X;
    type Output = X;
    type Kind = Real;
    type Learning = Learns;
    type Gradient = Self;
    /// `μ` and `1 / √(σ² + ε)` of each sample.
    type Tape<B: Store> = B::Of<[X::Scalar; 2]>;
    type Workspace<B: Store> = ();

    const PARAMETERS: usize = 2 * X::LEN;
    const MACS: usize = X::LEN;
    const REPLACES: bool = true;
    const SPEC: &'static Spec = &Spec {
        name: "LayerNorm",
        entries: &[
            Entry {
                key: "weight",
                offset: offset_of!(Self, weight),
                gradient: Some(offset_of!(Self, weight)),
                item: Item::Tensor { shape: X::SHAPE, dtype: <X::Scalar as Scalar>::DTYPE, role: Role::Parameter },
            },
            Entry {
                key: "bias",
                offset: offset_of!(Self, bias),
                gradient: Some(offset_of!(Self, bias)),
                item: Item::Tensor { shape: X::SHAPE, dtype: <X::Scalar as Scalar>::DTYPE, role: Role::Parameter },
            },
        ],
        rows: &[],
    };

    #[inline]
    fn infer<S: Simd, B: Store>(&self, s: S, x: &[X], y: &mut [X], (): &mut ()) {
        s.kernels().threads().each(Self::work(x), 1, (x, y), |(x, y)| {
            s.vectorize(
                #[inline(always)]
                || {
                    for (x, y) in x.iter().zip(y) {
                        self.normalise(x, y, Self::statistics(x));
                    }
                },
            );
        });
    }

    #[inline]
    fn forward<S: Simd, B: Store>(&self, s: S, _: Pass<'_>, x: &[X], y: &mut [X], tape: &mut Self::Tape<B>) {
        s.kernels().threads().each(Self::work(x), 1, (x, y, tape.batch_mut(x.len())), |(x, y, statistics)| {
            s.vectorize(
                #[inline(always)]
                || {
                    for ((x, y), statistics) in x.iter().zip(y).zip(statistics) {
                        *statistics = Self::statistics(x);
                        self.normalise(x, y, *statistics);
                    }
                },
            );
        });
    }

    #[inline]
    fn backward<S: Simd, B: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[X],
        _: &[X],
        dy: &mut [X],
        dx: Option<&mut [X]>,
        tape: &mut Self::Tape<B>,
        gradient: Option<&mut Self>,
    ) {
        let gradient = pass.start(gradient);
        let statistics = tape.batch(x.len());
        if let Some(gradient) = gradient {
            s.vectorize(
                #[inline(always)]
                || {
                    for ((x, dy), [mean, inverse]) in x.iter().zip(&*dy).zip(statistics) {
                        let (dw, db) = (gradient.weight.flat_mut(), gradient.bias.flat_mut());
                        for ((x, dy), (dw, db)) in x.flat().iter().zip(dy.flat()).zip(dw.iter_mut().zip(db)) {
                            // forward: y[i] = w[i] x̂[i] + b[i]
                            *dw += *dy * ((*x - *mean) * *inverse);
                            *db += *dy;
                        }
                    }
                },
            );
        }
        let Some(dx) = dx else { return };
        s.kernels().threads().each(Self::work(x), 1, (x, dy, dx, statistics), |(x, dy, dx, statistics)| {
            s.vectorize(
                #[inline(always)]
                || {
                    for (((x, dy), dx), statistics) in x.iter().zip(dy).zip(dx).zip(statistics) {
                        for (g, w) in dy.flat_mut().iter_mut().zip(self.weight.flat()) {
                            *g *= *w;
                        }
                        Self::input_gradient(x, dy, dx, *statistics);
                    }
                },
            );
        });
    }

    #[inline]
    fn descend<S: Simd, B: Store>(
        &mut self,
        _: S,
        _: Pass<'_>,
        x: &[X],
        _: &[X],
        dy: &mut [X],
        dx: Option<&mut [X]>,
        tape: &mut Self::Tape<B>,
        rate: X::Scalar,
    ) {
        let ([x], [dy], [statistics, ..]) = (x, dy, tape.batch(1)) else { return };
        let [mean, inverse] = *statistics;
        let (w, b) = (self.weight.flat_mut(), self.bias.flat_mut());
        for ((x, dy), (w, b)) in x.flat().iter().zip(dy.flat_mut()).zip(w.iter_mut().zip(b)) {
            // forward: y[i] = w[i] x̂[i] + b[i]
            let step = rate * *dy;
            *dy *= *w;
            *w -= step * ((*x - mean) * inverse);
            *b -= step;
        }
        if let Some([dx]) = dx {
            Self::input_gradient(x, dy, dx, *statistics);
        }
    }

    fn initialize(&mut self, _: &impl Initializer, _: &mut Stream) {
        self.weight.flat_mut().fill(X::Scalar::ONE);
        self.bias.flat_mut().fill(X::Scalar::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use super::LayerNorm;
    use crate::{Layer, One, Pass, Plain, Portable, Scratch, Tensor};

    // The expected numbers are PyTorch's (LayerNorm([2, 2]) in float64).
    #[test]
    fn it_trains_as_in_pytorch() {
        type Norm = LayerNorm<[[f64; 2]; 2]>;
        let layer = Norm { weight: [[1.5, -0.5], [2.0, 1.0]], bias: [[0.25, 1.0], [0.0, -1.0]] };
        let x = [[[1.0, 2.0], [3.0, -1.0]]];
        let (mut y, mut dy, mut dx, mut gradient) = ([[[0.0; 2]; 2]], [[[1.0, -1.0], [0.5, 2.0]]], [[[0.0; 2]; 2]], Norm::ZEROED);
        let (mut tape, pass) = (<Norm as Layer>::Tape::<One>::new(), Pass::new(0, 1));
        layer.forward::<_, One>(Portable, pass, &x, &mut y, &mut tape);
        layer.backward::<_, One>(Portable, pass, &x, &y, &mut dy, Some(&mut dx), &mut tape, Some(&mut gradient));
        for (what, values, expected) in [
            ("y", &y[0], [-0.003_545_696_886_195_812, 0.746_454_303_113_804_2, 2.366_426_504_271_161, -2.521_274_181_317_174_6]),
            ("dx", &dx[0], [0.115_906_847_141_655_11, -0.347_720_541_424_964_9, 0.202_834_857_553_198_2, 0.028_978_836_730_112_034]),
            ("dw", &gradient.weight, [-0.169_030_464_590_797_18, -0.507_091_393_772_391_7, 0.591_606_626_067_790_2, -3.042_548_362_634_35]),
            ("db", &gradient.bias, [1.0, -1.0, 0.5, 2.0]),
        ] {
            for (value, expected) in values.flat().iter().zip(expected) {
                assert!((value - expected).abs() < 1e-14, "{what}: {values:?} is not {expected:?}");
            }
        }
    }
}
