//! Samples in memory.

use std::vec::Vec;

/// Inputs of shape `X` with their targets: `Dataset<[[[f32; 28]; 28]; 1], Class<10>>`.
#[derive(Clone, Debug)]
pub struct Dataset<X, Y> {
    inputs: Vec<X>,
    targets: Vec<Y>,
    weights: Option<Vec<f32>>,
}
