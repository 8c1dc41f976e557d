//! The dense layer's forward product, `Y = X Wᵀ + b`, where both operands lie in memory as they are summed. Two ways:
//!
//! - **Many samples** go into lanes: a batch is transposed once, the weights are broadcast from where they lie, the tiles are those of
//!   [`product`](super::product), and their sums are transposed on the way out.
//! - **Few samples or few outputs**: dot products side by side, each with a register of partial sums; as many of them as there are lanes are
//!   added up together at the end.

mod few;
mod many;

use super::{Dots, Lanes};

/// Samples below which most lanes would stay empty.
const MANY: usize = 12;
/// Outputs below which transposing the samples costs more than it saves.
const OUTPUTS: usize = 16;

/// See [`Dots`]; `M` outputs by `N` registers of samples is the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn run<S: Lanes, const M: usize, const N: usize>(s: S, d: &mut Dots<'_>) {
    // What the unsafe blocks of both ways rest on: every row lies inside its slice.
    assert!(d.x.len() >= d.samples * d.inputs && d.w.len() >= d.outputs * d.inputs && d.y.len() >= d.samples * d.outputs);
    assert!(d.bias.is_empty() || d.bias.len() >= d.outputs);
    if d.samples >= MANY && (d.outputs >= OUTPUTS || d.outputs >= 8 && d.inputs <= 96) && d.inputs > 0 {
        many::run::<S, M, N>(s, d);
    } else if d.samples == 1 {
        few::run(s.narrow(), d, 0);
    } else {
        few::run(s, d, 0);
    }
}
