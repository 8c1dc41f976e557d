//! A loss, a measure and an observer of one's own: forecasting not the expected number, but one that is seldom exceeded.
//!
//! The quantile (pinball) loss with `q = 0.9` makes being too low nine times as dear as being too high; what minimises it is the 90th percentile
//! (Koenker and Bassett, "Regression Quantiles", 1978).
use std::ops::ControlFlow;

use nn_core::observe::{EpochReport, Observer};
use nn_core::prelude::*;

network! {
    struct Forecast: [1] -> [1] {
        fc1: Dense(16),
        Tanh,
        out: Dense(1),
    }
}

/// `ℓ = q (t − y)` where `t > y`, `(1 − q) (y − t)` elsewhere.
#[derive(Debug)]
struct Quantile(f32);

impl Loss<Real, [f32; 1], [f32; 1]> for Quantile {
    fn loss(&self, y: &[f32; 1], t: &[f32; 1]) -> f32 {
        let gap = t[0] - y[0];
        if gap > 0.0 { self.0 * gap } else { (self.0 - 1.0) * gap }
    }

    fn gradient(&self, y: &[f32; 1], t: &[f32; 1], dy: &mut [f32; 1]) -> f32 {
        dy[0] = if t[0] > y[0] { -self.0 } else { 1.0 - self.0 };
        self.loss(y, t)
    }
}

/// Prints a line every hundred epochs.
struct Diary;

impl Observer for Diary {
    fn epoch(&mut self, report: &EpochReport<'_>) -> ControlFlow<()> {
        if report.epoch.is_multiple_of(100) {
            println!("  epoch {:3}: mean quantile loss {:.4} after {} updates", report.epoch, report.loss, report.step);
        }
        ControlFlow::Continue(())
    }
}

fn main() -> Result<(), Error> {
    // The noise grows with x: uniform between 0 and 1 + x, so the true quantile q lies at q (1 + x).
    let mut random = Stream::new(&[7]);
    let xs: Vec<[f32; 1]> = (0..2000).map(|_| [f32::from_f64(random.uniform(0.0, 1.0))]).collect();
    let ys = xs.iter().map(|x| [f32::from_f64(random.uniform(0.0, 1.0 + f64::from(x[0])))]).collect();
    let data = Dataset::new(xs, ys)?;

    for q in [0.5, 0.9] {
        println!("quantile {q}: a number that the truth stays below in {} % of the cases", 100.0 * q);
        let mut net = Forecast::new_boxed(1);
        let history = net
            .train(&data)
            .loss(Quantile(q))
            .optimizer(Adam::new(0.01))
            .batch_size(100)
            .epochs(300)
            .schedule(CosineAnnealing::default())
            .measure("below", |y, t| if t[0] < y[0] { 1.0 } else { 0.0 })
            .observe(Diary)
            .run()?;
        for x in [0.0, 0.5, 1.0] {
            println!("  at x = {x}: forecast {:.3}, true quantile {:.3}", net.predict(&[x])[0], q * (1.0 + x));
        }
        println!(
            "  share of the data below the forecast: {:.3}, aimed at {q}\n",
            history.final_epoch().train.own("below").unwrap_or(f64::NAN)
        );
    }
    Ok(())
}
