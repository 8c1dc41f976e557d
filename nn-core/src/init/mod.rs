//! Initialisers: where parameters start. One file each.
//!
//! | initialiser | weights |
//! |---|---|
//! | [`Zeros`], [`Constant`] | all the same |
//! | [`Uniform`], [`Normal`] | of a size that you give |
//! | [`XavierUniform`], [`XavierNormal`] | keep the variance through layers with sigmoid or tanh |
//! | [`HeUniform`], [`HeNormal`] | keep the variance through layers with rectifiers |
//! | [`LeCunNormal`] | keep the variance through linear layers |
//! | [`Orthogonal`] | rows (or columns) at right angles, of length 1 |
//! | [`RecurrentUniform`] | PyTorch's for recurrent layers, biases too |
//! | [`Gain`] | another one's, times a factor |
//!
//! Biases start at 0, but for [`RecurrentUniform`]. In formulas `in` and `out` are [`Fan::fan_in`] and [`Fan::fan_out`], counted as PyTorch counts them.
//!
//! One of one's own:
//!
//! ```
//! use nn_core::Scalar;
//! use nn_core::init::{Fan, Initializer};
//! use nn_core::random::Stream;
//!
//! /// −1 or 1 over the square root of the inputs.
//! #[derive(Clone, Copy)]
//! struct Signs;
//!
//! impl Initializer for Signs {
//!     fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream) {
//!         let size = T::ONE / T::from_f64(fan.fan_in as f64).sqrt();
//!         for w in weight {
//!             *w = if random.bits() & 1 == 0 { size } else { -size };
//!         }
//!     }
//! }
//!
//! let mut weight = [0.0_f32; 8];
//! Signs.fill(&mut weight, Fan { fan_in: 4, fan_out: 2, rows: 2 }, &mut Stream::new(&[1]));
//! assert!(weight.iter().all(|w| w.abs() == 0.5));
//! ```

mod constant;
mod gain;
mod he;
mod le_cun;
mod normal;
mod orthogonal;
mod recurrent_uniform;
mod uniform;
mod xavier;

pub use constant::{Constant, Zeros};
pub use gain::Gain;
pub use he::{HeNormal, HeUniform};
pub use le_cun::LeCunNormal;
pub use normal::Normal;
pub use orthogonal::Orthogonal;
pub use recurrent_uniform::RecurrentUniform;
pub use uniform::Uniform;
pub use xavier::{XavierNormal, XavierUniform};

use crate::Scalar;
use crate::random::Stream;

/// Draws the weights of a layer before training.
pub trait Initializer {
    /// Fills `weight`, `[fan_out groups…][fan_in…]` row-major with `rows` rows, given how many inputs each output sums (`fan_in`) and how
    /// many outputs each input reaches (`fan_out`), as PyTorch counts them.
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream);

    /// Fills biases, given the sizes of their weight: with 0.
    fn fill_biases<T: Scalar>(&self, biases: &mut [T], fan: Fan, random: &mut Stream) {
        let _ = (fan, random);
        biases.fill(T::ZERO);
    }
}

/// A weight's sizes as initialisers see them.
#[derive(Clone, Copy, Debug)]
pub struct Fan {
    /// Inputs that each output sums: `in / groups × kernel`.
    pub fan_in: usize,
    /// Outputs that each input reaches: `out × kernel`, as PyTorch counts them (with groups an input reaches fewer).
    pub fan_out: usize,
    /// Rows of the weight as a matrix: the output channels.
    pub rows: usize,
}

/// `√(variance)` of a weight that sums `over` inputs of variance 1 to `of`; 0 where there are no inputs.
fn deviation(of: f64, over: usize) -> f64 {
    if over == 0 { 0.0 } else { Scalar::sqrt(of / over as f64) }
}

/// Uniform in `[−bound, bound]`.
fn fill_uniform<T: Scalar>(weight: &mut [T], low: f64, high: f64, random: &mut Stream) {
    for w in weight {
        *w = T::from_f64(low + (high - low) * random.unit());
    }
}

/// Normal numbers.
fn fill_normal<T: Scalar>(weight: &mut [T], mean: f64, deviation: f64, random: &mut Stream) {
    for w in weight {
        *w = T::from_f64(mean + deviation * random.normal());
    }
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::*;

    const FAN: Fan = Fan { fan_in: 300, fan_out: 100, rows: 100 };

    /// `n` weights of FAN, in f64.
    fn drawn(initializer: &impl Initializer, n: usize) -> vec::Vec<f64> {
        let mut weight = vec![f64::NAN; n];
        initializer.fill(&mut weight, FAN, &mut Stream::new(&[7]));
        weight
    }

    /// Mean, variance, fourth moment over squared variance (3 for normal numbers, 9/5 for uniform ones), and the largest size.
    fn moments(weight: &[f64]) -> (f64, f64, f64, f64) {
        let n = weight.len() as f64;
        let mean = weight.iter().sum::<f64>() / n;
        let central = |power| weight.iter().map(|w| (w - mean).powi(power)).sum::<f64>() / n;
        (mean, central(2), central(4) / central(2).powi(2), weight.iter().fold(0.0, |largest, w| largest.max(w.abs())))
    }

    /// The moments of 200,000 numbers against those of the distribution; three standard errors are 0.7 % of a deviation and 1.7 % of a kurtosis.
    fn check(initializer: &impl Initializer, variance: f64, uniform: bool) {
        let (mean, drawn_variance, kurtosis, largest) = moments(&drawn(initializer, 200_000));
        assert!(mean.abs() < 0.01 * variance.sqrt(), "mean {mean}");
        assert!((drawn_variance / variance - 1.0).abs() < 0.015, "variance {drawn_variance}, not {variance}");
        assert!((kurtosis - if uniform { 1.8 } else { 3.0 }).abs() < 0.06, "kurtosis {kurtosis}");
        if uniform {
            let bound = (3.0 * variance).sqrt();
            assert!(largest <= bound && largest > 0.999 * bound, "largest {largest}, bound {bound}");
        } else {
            assert!(largest > 4.0 * variance.sqrt(), "no tails: largest {largest}");
        }
    }

    #[test]
    fn variances_are_the_formulas() {
        check(&XavierUniform, 2.0 / 400.0, true);
        check(&XavierNormal, 2.0 / 400.0, false);
        check(&HeUniform, 2.0 / 300.0, true);
        check(&HeNormal, 2.0 / 300.0, false);
        check(&LeCunNormal, 1.0 / 300.0, false);
        check(&Uniform(-0.2, 0.2), 0.4 * 0.4 / 12.0, true);
        check(&Normal(0.0, 0.3), 0.09, false);
        check(&Gain(2.0, HeNormal), 8.0 / 300.0, false);
    }

    #[test]
    fn sizes_that_are_given_are_kept() {
        assert!(drawn(&Zeros, 5).iter().all(|w| *w == 0.0));
        assert!(drawn(&Constant(0.25), 5).iter().all(|w| *w == 0.25));
        let (mean, ..) = moments(&drawn(&Normal(2.0, 0.1), 10_000));
        assert!((mean - 2.0).abs() < 0.01);
        assert!(drawn(&Uniform(1.0, 1.5), 1000).iter().all(|w| (1.0..=1.5).contains(w)));
        assert!(drawn(&HeNormal, 0).is_empty());
    }

    /// The largest gap between `W Wᵀ` and 1, over the rows, or the columns where there are more rows.
    fn crookedness<T: Scalar>(rows: usize, columns: usize) -> f64 {
        let mut w = vec![T::ZERO; rows * columns];
        Orthogonal.fill(&mut w, Fan { fan_in: columns, fan_out: rows, rows }, &mut Stream::new(&[rows as u64, columns as u64]));
        let (count, len) = (rows.min(columns), rows.max(columns));
        let at = |i: usize, k: usize| if rows <= columns { w[i * columns + k] } else { w[k * columns + i] }.to_f64();
        let mut largest: f64 = 0.0;
        for i in 0..count {
            for j in 0..count {
                let dot: f64 = (0..len).map(|k| at(i, k) * at(j, k)).sum();
                largest = largest.max((dot - if i == j { 1.0 } else { 0.0 }).abs());
            }
        }
        largest
    }

    #[test]
    fn orthogonal_is_orthogonal() {
        for (rows, columns) in [(1, 1), (3, 3), (20, 20), (6, 25), (25, 6), (64, 64), (1, 9), (9, 1)] {
            let (gap64, gap32) = (crookedness::<f64>(rows, columns), crookedness::<f32>(rows, columns));
            assert!(gap64 < 1e-14, "{rows} × {columns}: {gap64:e}");
            assert!(gap32 < 5e-7, "{rows} × {columns}: {gap32:e}");
        }
    }

    #[test]
    fn orthogonal_without_rows_or_columns_draws_nothing() {
        for rows in [0, 3] {
            Orthogonal.fill::<f32>(&mut [], Fan { fan_in: 0, fan_out: 0, rows }, &mut Stream::new(&[1]));
        }
    }

    #[test]
    fn equal_keys_give_equal_weights() {
        assert_eq!(drawn(&HeNormal, 100), drawn(&HeNormal, 100));
        let mut other = vec![0.0; 100];
        HeNormal.fill(&mut other, FAN, &mut Stream::new(&[8]));
        assert_ne!(drawn(&HeNormal, 100), other);
    }
}
