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
//! | [`Gain`] | another one's, times a factor |
//!
//! Biases start at 0. In formulas `in` and `out` are [`Fan::fan_in`] and [`Fan::fan_out`], counted as PyTorch counts them.
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
mod uniform;
mod xavier;

pub use constant::{Constant, Zeros};
pub use gain::Gain;
pub use he::{HeNormal, HeUniform};
pub use le_cun::LeCunNormal;
pub use normal::Normal;
pub use orthogonal::Orthogonal;
pub use uniform::Uniform;
pub use xavier::{XavierNormal, XavierUniform};

use crate::Scalar;
use crate::random::Stream;

/// Draws the weights of a layer before training.
pub trait Initializer {
    /// Fills `weight`, `[fan_out groups…][fan_in…]` row-major with `rows` rows, given how many inputs each output sums (`fan_in`) and how
    /// many outputs each input reaches (`fan_out`), as PyTorch counts them.
    fn fill<T: Scalar>(&self, weight: &mut [T], fan: Fan, random: &mut Stream);
}

/// A weight's sizes as initialisers see them.
#[derive(Clone, Copy, Debug)]
pub struct Fan {
    /// Inputs that each output sums: `in / groups × kernel`.
    pub fan_in: usize,
    /// Outputs that each input reaches: `out / groups × kernel`, as PyTorch counts them.
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
