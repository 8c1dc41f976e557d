//! The lanes of an instruction set: what the kernels are written in.
#![allow(unsafe_code, reason = "loads and stores through pointers; each says what the caller must know")]

/// The lanes of an instruction set.
#[allow(clippy::too_many_arguments, reason = "two matrices")]
pub(crate) trait Lanes: Copy {
    /// Numbers in a register.
    const LANES: usize;
    /// A register.
    type V: Copy;

    /// The same number in every lane.
    fn splat(self, x: f32) -> Self::V;
    /// # Safety
    /// `LANES` numbers can be read from `from`.
    unsafe fn load(self, from: *const f32) -> Self::V;
    /// The first `n` lanes; the others are 0.
    /// # Safety
    /// `n <= LANES` numbers can be read from `from`.
    unsafe fn load_first(self, n: usize, from: *const f32) -> Self::V;
    /// # Safety
    /// `LANES` numbers can be written to `to`.
    unsafe fn store(self, v: Self::V, to: *mut f32);
    /// The first `n` lanes.
    /// # Safety
    /// `n <= LANES` numbers can be written to `to`.
    unsafe fn store_first(self, n: usize, v: Self::V, to: *mut f32);
    /// `a b + c`, rounded once.
    fn multiply_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `a + b`.
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// The sum of all lanes.
    fn sum(self, v: Self::V) -> f32;
    /// Reads `rows` rows of `columns` numbers and writes `columns` rows of `width` numbers, those of one column each, then zeros.
    /// # Safety
    /// `rows`, `columns` and `width` are at most `LANES`; the rows can be read and written.
    unsafe fn transpose(self, rows: usize, columns: usize, width: usize, from: *const f32, from_row: usize, to: *mut f32, to_row: usize);
}
