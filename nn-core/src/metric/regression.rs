//! Quantities: mean errors, and how much of the targets' variance is explained.

use std::vec;
use std::vec::Vec;

use super::{Columns, Metrics};
use crate::{Kind, Scalar, Tensor};

/// How far predictions are off: `e = y − t` over all samples and all their outputs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regression {
    count: f64,
    absolute: f64,
    squared: f64,
    relative: f64,
    relative_count: f64,
    /// Of every output: the targets' mean, and the sum of their squared distances from it (Welford's recurrence).
    spread: Vec<(f64, f64)>,
    samples: f64,
}

impl Regression {
    /// Mean absolute error, `mean |e|`.
    #[must_use]
    pub fn mae(&self) -> f64 {
        self.absolute / self.count
    }

    /// Root of the mean squared error, `√ mean e²`.
    #[must_use]
    pub fn rmse(&self) -> f64 {
        crate::math::f64::sqrt(self.squared / self.count)
    }

    /// Mean absolute percentage error as a fraction, `mean |e / t|`, over the targets that are not 0; NaN where all are.
    #[must_use]
    pub fn mape(&self) -> f64 {
        self.relative / self.relative_count
    }

    /// `R² = 1 − Σ e² / Σ (t − t̄)²`, each output around its own mean `t̄`; NaN where the targets are all the same.
    #[must_use]
    pub fn r2(&self) -> f64 {
        let spread: f64 = self.spread.iter().map(|(_, squares)| squares).sum();
        if spread > 0.0 { 1.0 - self.squared / spread } else { f64::NAN }
    }
}

impl Columns for Regression {
    fn columns(&self) -> Vec<(&str, f64)> {
        vec![("rmse", self.rmse()), ("mae", self.mae()), ("mape", self.mape()), ("r2", self.r2())]
    }
}

impl<X: Tensor> Metrics<X> for Regression {
    fn add<K: Kind, Y: Tensor>(&mut self, y: &Y, target: &X) {
        self.spread.resize(X::LEN, (0.0, 0.0));
        self.samples += 1.0;
        for ((y, t), (mean, squares)) in y.flat().iter().zip(target.flat()).zip(&mut self.spread) {
            let (y, t) = (y.to_f64(), t.to_f64());
            let e = y - t;
            self.count += 1.0;
            self.absolute += e.abs();
            self.squared += e * e;
            if t != 0.0 {
                self.relative += (e / t).abs();
                self.relative_count += 1.0;
            }
            let gap = t - *mean;
            *mean += gap / self.samples;
            *squares += gap * (t - *mean);
        }
    }

    fn save(&self) -> Vec<f64> {
        let mut saved = vec![self.count, self.absolute, self.squared, self.relative, self.relative_count, self.samples];
        saved.extend(self.spread.iter().flat_map(|(mean, squares)| [*mean, *squares]));
        saved
    }

    fn load(saved: &[f64]) -> Option<Self> {
        let (&[count, absolute, squared, relative, relative_count, samples], spread) = saved.split_first_chunk()?;
        let (spread, []) = spread.as_chunks::<2>() else { return None };
        let spread = spread.iter().map(|[mean, squares]| (*mean, *squares)).collect();
        Some(Self { count, absolute, squared, relative, relative_count, spread, samples })
    }
}
