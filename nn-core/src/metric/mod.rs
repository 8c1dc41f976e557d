//! Metrics: what one reads off beside the loss. Their type follows the target's, and, where targets are numbers, what they show follows the
//! loss: `BinaryCrossEntropy` takes them for answers, `CrossEntropy` for probabilities of classes.
//!
//! | targets | loss | metrics | columns |
//! |---|---|---|---|
//! | `Class<N>` | any | [`Classification`] | accuracy, f1 (the mean of the classes') |
//! | `bool`, `[bool; N]` | any | [`Binary`] | accuracy, precision, recall, f1 |
//! | numbers | `MeanSquaredError`, `HalfSquaredError`, `MeanAbsoluteError`, `Huber`; one of your own | [`Numeric`] | rmse, mae, mape, r2 |
//! | numbers, 0 to 1 | `BinaryCrossEntropy`, `BinaryCrossEntropyOfProbabilities` | [`Numeric`] | accuracy, precision, recall, f1; a target above ½ is a yes |
//! | numbers, −1 or 1 | `Hinge` | [`Numeric`] | accuracy, precision, recall, f1; 1 is a yes |
//! | probabilities `[T; N]` | `CrossEntropy`, `CrossEntropyOfProbabilities`, `NegativeLogLikelihood` | [`Numeric`] | accuracy: largest output and likeliest class are the same |
//!
//! An output is a yes above [`Kind::EVEN`]: 0 for a logit, ½ for a probability. A loss of your own says by
//! [`Loss::meaning`](crate::loss::Loss::meaning) what numbers mean to it.
//!
//! A target of your own brings metrics of your own:
//!
//! ```
//! use nn_core::metric::{Columns, Metrics, Target};
//! use nn_core::{Kind, Scalar, Tensor};
//!
//! /// A direction in degrees, so that 359 and 1 are near each other.
//! struct Direction(f64);
//!
//! #[derive(Clone, Debug, Default)]
//! struct Angular {
//!     sum: f64,
//!     count: f64,
//! }
//!
//! impl Columns for Angular {
//!     fn columns(&self) -> Vec<(&str, f64)> {
//!         vec![("degrees off", self.sum / self.count)]
//!     }
//! }
//!
//! impl Metrics<Direction> for Angular {
//!     fn add<K: Kind, Y: Tensor>(&mut self, y: &Y, target: &Direction) {
//!         let y: f64 = y.flat().iter().map(|y| y.to_f64()).sum();
//!         let gap = (y - target.0).rem_euclid(360.0);
//!         self.sum += gap.min(360.0 - gap);
//!         self.count += 1.0;
//!     }
//!     fn save(&self) -> Vec<f64> {
//!         vec![self.sum, self.count]
//!     }
//!     fn load(saved: &[f64]) -> Option<Self> {
//!         let &[sum, count] = saved else { return None };
//!         Some(Self { sum, count })
//!     }
//! }
//!
//! impl Target for Direction {
//!     type Metrics = Angular;
//! }
//! ```

mod binary;
mod classification;
mod numeric;
mod regression;
#[cfg(test)]
mod tests;

pub use binary::Binary;
pub use classification::{Classification, Confusion};
pub use numeric::Numeric;
pub use regression::Regression;

use core::fmt::{self, Debug};
use core::ops::Deref;
use std::format;
use std::string::String;
use std::vec::Vec;

use crate::loss::{Meaning, Sums};
use crate::{Kind, Tensor};

/// What a network learns to give; its type decides the metrics.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no target that a network can learn",
    label = "not a target",
    note = "targets are `Class<N>` for one of N classes, `bool` or `[bool; N]` for yes or no, numbers and arrays of them for quantities",
    note = "a type of your own is one with `impl nn_core::metric::Target`"
)]
pub trait Target {
    /// What is measured.
    type Metrics: Metrics<Self>;
}

/// Numbers with names: the columns of tables and files.
pub trait Columns {
    /// Names and values, in order; the names are always the same.
    fn columns(&self) -> Vec<(&str, f64)>;
}

/// What is measured over many samples with targets of one type.
pub trait Metrics<T: ?Sized>: Columns + Clone + Debug + Default + 'static {
    /// Takes in one sample: the output `y`, which means `K`, and its target.
    fn add<K: Kind, Y: Tensor>(&mut self, y: &Y, target: &T);

    /// As [`Metrics::add`], with what numbers as targets mean to the loss; the training loop calls this.
    fn add_as<K: Kind, Y: Tensor>(&mut self, meaning: Meaning, y: &Y, target: &T) {
        let _ = meaning;
        self.add::<K, Y>(y, target);
    }

    /// All that was taken in, for a checkpoint.
    fn save(&self) -> Vec<f64>;

    /// What [`Metrics::save`] gave; `None` where it cannot have.
    fn load(saved: &[f64]) -> Option<Self>;
}

/// Loss and metrics over many samples; reads like the metrics: `score.accuracy()`.
#[derive(Clone, Debug)]
pub struct Score<M> {
    /// `Σ sᵢ ℓᵢ / Σ sᵢ shareᵢ` over all samples, so that a smaller last batch counts as what it is; `Σ sᵢ ℓᵢ` for a loss that is summed.
    pub loss: f64,
    /// What the targets' type asks for; every sample counts the same.
    pub metrics: M,
    pub(crate) own: Vec<Own>,
    pub(crate) samples: u64,
    pub(crate) sums: Sums,
}

/// The mean of a function of one's own.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub name: String,
    pub sum: f64,
}

impl<M: Default> Score<M> {
    pub(crate) fn new(own: impl Iterator<Item = String>) -> Self {
        let own = own.map(|name| Own { name, sum: 0.0 }).collect();
        Self { loss: f64::NAN, metrics: M::default(), own, samples: 0, sums: Sums::default() }
    }
}

impl<M> Score<M> {
    /// The number of samples.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The mean of a function that was given to `measure` under this name.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<f64> {
        self.own.iter().find(|own| own.name == name).map(|own| own.sum / self.samples as f64)
    }
}

impl<M: Columns> Columns for Score<M> {
    fn columns(&self) -> Vec<(&str, f64)> {
        let mut columns = std::vec![("loss", self.loss)];
        columns.extend(self.metrics.columns());
        columns.extend(self.own.iter().map(|own| (own.name.as_str(), own.sum / self.samples as f64)));
        columns
    }
}

impl<M> Deref for Score<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.metrics
    }
}

/// `loss 0.0912 · accuracy 0.9722`.
impl<M: Columns> fmt::Display for Score<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.columns().into_iter().enumerate() {
            write!(f, "{}{name} {}", if i == 0 { "" } else { " · " }, short(value))?;
        }
        Ok(())
    }
}

/// A number for people: four digits after the point, or a power of ten where these would show too little or too much.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    if size >= 1e5 || size > 0.0 && size < 1e-3 { format!("{value:.2e}") } else { format!("{value:.4}") }
}

/// `a / b`, NaN where there is nothing to divide by.
fn ratio(a: u64, b: u64) -> f64 {
    a as f64 / b as f64
}

/// A count out of a checkpoint.
fn count(saved: f64) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked: a whole number that f64 holds exactly")]
    ((0.0..9_007_199_254_740_992.0).contains(&saved) && saved.to_bits() == (saved as u64 as f64).to_bits()).then_some(saved as u64)
}
