//! A loss, a metric and an observer of one's own: forecasting not the expected number, but one that is seldom exceeded.
//!
//! The quantile (pinball) loss with `q = 0.9` makes being too low nine times as dear as being too high; what minimises it is the 90th percentile
//! (Koenker and Bassett, "Regression Quantiles", 1978).
use nn_core::loss::Loss;
use nn_core::prelude::*;

network! {
    struct Forecast: [1] -> [1] {
        fc1: Dense(16),
        Tanh,
        out: Dense(1),
    }
}

/// `ℓ = q (t − y)` where `t > y`, `(1 − q) (y − t)` elsewhere.
struct Quantile(f32);

impl<K> Loss<K, [f32; 1], [f32; 1]> for Quantile {
    fn loss(&self, y: &[f32; 1], t: &[f32; 1]) -> f32 {
        let gap = t[0] - y[0];
        if gap > 0.0 { self.0 * gap } else { (self.0 - 1.0) * gap }
    }

    fn gradient(&self, y: &[f32; 1], t: &[f32; 1], dy: &mut [f32; 1]) -> f32 {
        dy[0] = if t[0] > y[0] { -self.0 } else { 1.0 - self.0 };
        self.loss(y, t)
    }
}
