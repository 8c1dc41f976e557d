//! Initialisers: where parameters start. One file each.

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

/// All zeros.
#[derive(Clone, Copy, Debug, Default)]
pub struct Zeros;

impl Initializer for Zeros {
    fn fill<T: Scalar>(&self, weight: &mut [T], _: Fan, _: &mut Stream) {
        weight.fill(T::ZERO);
    }
}
