//! The lanes of an instruction set: what the kernels are written in.
//!
//! # What is inlined, and what is not
//!
//! Kernels are all `#[inline(always)]`, and so is every closure in them. What is left as a function of its own, `array::map` and
//! `array::from_fn` too, is compiled without the instruction set, and costs a tenfold where it is called in a loop. What is called all
//! the same says its instruction set. Operands are passed by reference: a copy reads back at once what was just stored, which took 25
//! ns of a prediction of 100.
//!
//! What is worth a call is a function of its own ([`Lanes::apart`]): tiles of convolutions and of batches, panels of products,
//! transposed blocks. A kernel with all of them inside was a function of thousands of small loops, and the compiler's passes go through
//! the whole for each: that took twice as long as now, when each tile is compiled alone, and once for all that call it (a product's
//! panels serve the dense layer's forward pass too). It costs less than 1 % where anything could be measured, and where registers were
//! short it gains. What may be over in a few nanoseconds stays in place.
#![allow(unsafe_code, reason = "loads and stores through pointers; each says what the caller must know")]

/// The lanes of an instruction set.
#[allow(clippy::too_many_arguments, reason = "two matrices")]
pub(crate) trait Lanes: Copy {
    /// How many registers there are.
    const REGISTERS: usize;
    /// Numbers in a register.
    const LANES: usize;
    /// Whether [`sums`](Self::sums) first adds the two halves of each register, so that nothing changes where they are swapped.
    const ADDS_HALVES_FIRST: bool;
    /// A register.
    type V: Copy;

    /// Half as wide registers of the same processor, where it has them: for remainders, and where loads and not products take the time.
    type Narrow: Lanes;
    /// Those.
    fn narrow(self) -> Self::Narrow;

    /// Runs `work` as a function of its own, compiled for these instructions. So the compiler meets small functions, each once, where all
    /// tiles in one took it twice as long; a loop over all that is summed is worth a call.
    fn apart<R>(self, work: impl FnOnce() -> R) -> R;

    /// The same number in every lane.
    fn splat(self, x: f32) -> Self::V;
    /// # Safety
    /// `LANES` numbers can be read from `from`.
    unsafe fn load(self, from: *const f32) -> Self::V;
    /// The first `n` lanes; the others are 0.
    /// # Safety
    /// `n <= LANES` numbers can be read from `from`.
    unsafe fn load_first(self, n: usize, from: *const f32) -> Self::V;
    /// The upper half of the lanes; those of the lower half are 0.
    /// # Safety
    /// `LANES / 2` numbers can be read from `from`.
    unsafe fn load_upper(self, from: *const f32) -> Self::V;
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
    /// The larger of two in each lane: `v` where it is NaN.
    fn at_least(self, floor: Self::V, v: Self::V) -> Self::V;
    /// The sum of all lanes.
    fn sum(self, v: Self::V) -> f32;
    /// In each lane the sum of all lanes of one register, that of the same number.
    fn sums(self, register: impl Fn(usize) -> Self::V) -> Self::V;
    /// Reads `rows` rows of `columns` numbers and writes `columns` rows of `width` numbers, those of one column each, then zeros.
    /// # Safety
    /// `rows`, `columns` and `width` are at most `LANES`; the rows can be read and written.
    unsafe fn transpose(self, rows: usize, columns: usize, width: usize, from: *const f32, from_row: usize, to: *mut f32, to_row: usize);
    /// `n` pairs of numbers: the first of each, and the second.
    /// # Safety
    /// `n` is at most `LANES`; `2 n` numbers can be read from `from`.
    unsafe fn load_pairs_first(self, n: usize, from: *const f32) -> (Self::V, Self::V);
    /// Writes `n` pairs of numbers.
    /// # Safety
    /// `n` is at most `LANES`; `2 n` numbers can be written to `to`.
    unsafe fn store_pairs_first(self, n: usize, pairs: (Self::V, Self::V), to: *mut f32);
    /// `n` bytes as numbers; the other lanes are 0.
    /// # Safety
    /// `n` is at most `LANES`; as many bytes can be read from `from`.
    unsafe fn load_bytes_first(self, n: usize, from: *const u8) -> Self::V;
    /// Whole numbers below 256 as `n` bytes.
    /// # Safety
    /// `n` is at most `LANES`; as many bytes can be written to `to`.
    unsafe fn store_bytes_first(self, n: usize, v: Self::V, to: *mut u8);
    /// Lane by lane, the number and the mark beside it of `x` where it is larger than that of `best`, or NaN; else those of `best`.
    fn larger(self, x: (Self::V, Self::V), best: (Self::V, Self::V)) -> (Self::V, Self::V);
    /// Lane by lane, the largest of four numbers; NaN where one is.
    fn largest(self, of: &[Self::V; 4]) -> Self::V;
    /// `v` where `a` and `b` are equal, else 0.
    fn where_equal(self, a: Self::V, b: Self::V, v: Self::V) -> Self::V;
}
