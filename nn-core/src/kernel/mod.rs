//! Fast products of `f32` matrices: register tiles over the lanes of an instruction set, no packing of the operands but where it pays.
//!
//! Each kernel is one source for every instruction set, generic in `Lanes`; `reference` holds the plainest form of each.

#[cfg(feature = "std")]
pub(crate) mod dots;
#[cfg(feature = "std")]
mod lanes;
#[cfg(feature = "std")]
pub(crate) mod product;

pub(crate) mod reference;

#[cfg(feature = "std")]
pub(crate) use lanes::Lanes;

/// A matrix product, `C = A B` or `C += A B`: `C` is `[m][n]`, `A` is `[m][k]`, `B` is `[k][n]`.
pub struct Product<'a> {
    /// Rows of `C` and `A`.
    pub m: usize,
    /// Columns of `C` and `B`.
    pub n: usize,
    /// What is summed over.
    pub k: usize,
    /// `A`.
    pub a: &'a [f32],
    /// From one row of `A` to the next.
    pub a_row: usize,
    /// From one column of `A` to the next: 1, or the row length of a matrix that is read transposed.
    pub a_column: usize,
    /// `B`; its columns lie side by side.
    pub b: &'a [f32],
    /// From one row of `B` to the next.
    pub b_row: usize,
    /// `C`; its columns lie side by side.
    pub c: &'a mut [f32],
    /// From one row of `C` to the next.
    pub c_row: usize,
    /// `C += A B` instead of `C = A B`.
    pub accumulate: bool,
}

/// The output of a dense layer for a batch: `y[n][o] = b[o] + Σᵢ x[n][i] w[o][i]`.
pub struct Dots<'a> {
    /// Samples.
    pub samples: usize,
    /// `I`.
    pub inputs: usize,
    /// `O`.
    pub outputs: usize,
    /// `[samples][inputs]`.
    pub x: &'a [f32],
    /// `[outputs][inputs]`.
    pub w: &'a [f32],
    /// `[outputs]`, or empty.
    pub bias: &'a [f32],
    /// `[samples][outputs]`.
    pub y: &'a mut [f32],
}
