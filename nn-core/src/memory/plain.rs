//! Plain storage: values that are nothing but numbers, so that they can be zeroed, copied and read as flat slices.
//!
//! This is one of the few modules with `unsafe`; everything above it is written in safe Rust.
#![allow(unsafe_code, reason = "raw views of plain numbers; every block states its proof")]

use core::cell::UnsafeCell;
use core::mem::{MaybeUninit, align_of, size_of};
use core::slice;

#[cfg(feature = "std")]
use core::marker::PhantomData;
#[cfg(feature = "std")]
use core::ops::{Deref, DerefMut};
#[cfg(feature = "std")]
use std::{alloc, boxed::Box, vec::Vec};

use crate::Scalar;

/// A value made of nothing but numbers of one size.
///
/// # Safety
/// The type is `f32`, `f64`, `u32`, `u64`, `u8`, a zero-sized type, an array of a `Plain` type, or a `#[repr(C)]` struct whose fields
/// are `Plain`. It has no padding, and every bit pattern, all zeros among them, is a valid value.
/// `#[derive(Plain)]` and `network!` implement it and assert the absence of padding beside the `impl`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of plain numbers alone",
    label = "not plain",
    note = "plain are numbers, arrays of them, `()`, and structs of them with `#[derive(Plain)] #[repr(C)]`"
)]
pub unsafe trait Plain: Sized + Send + Sync + 'static {
    /// All zeros.
    const ZEROED: Self = zeroed();

    /// Does not compile where something lies between the fields; every function of this module that looks at bytes asks.
    #[doc(hidden)]
    const PACKED: () = ();

    /// Sets all numbers to zero where they lie.
    fn clear(&mut self) {
        clear(slice::from_mut(self));
    }
}

// SAFETY: numbers; every bit pattern is a value.
unsafe impl Plain for f32 {}
// SAFETY: as above.
unsafe impl Plain for f64 {}
// SAFETY: as above.
unsafe impl Plain for u8 {}
// SAFETY: as above.
unsafe impl Plain for u32 {}
// SAFETY: as above.
unsafe impl Plain for u64 {}
// SAFETY: no bytes at all.
unsafe impl Plain for () {}
// SAFETY: an array has no padding between its elements.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {
    const PACKED: () = T::PACKED;
}

/// All zeros, by value; for `const` and `static` places. Use [`boxed`] for what may be large.
#[must_use]
pub const fn zeroed<T: Plain>() -> T {
    const { T::PACKED };
    // SAFETY: all zeros is a valid value of every `Plain` type.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

/// Room for a value that is overwritten before it is read: what it holds at first is not specified.
///
/// It is zero, but on microcontrollers whatever lay there: zeroing costs a prediction time, and flash for the function that does it.
// Zeroing cost a call in every prediction, and the 174 bytes of the function that does it. An empty `asm!`, which for the compiler may have
// written it, stands in for that. A layer of the user's own that reads its output before writing it finds numbers that mean nothing, as it would
// find another sample's.
// In a cell, for `settled` may write through a shared reference too: that a value is read without having been written is a mistake that safe
// code can make, and must not be more than that.
pub struct Room<T>(UnsafeCell<MaybeUninit<T>>);

// SAFETY: through a shared reference nothing is written but by `settled`, which writes at most once, before anybody reads.
unsafe impl<T: Sync> Sync for Room<T> {}

/// Whether [`Room`] begins with what lies there.
const IS_UNSET: bool = cfg!(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32")));

impl<T: Plain> Room<T> {
    /// Before the first use.
    #[allow(clippy::declare_interior_mutable_const, reason = "each use is a room of its own")]
    pub const NEW: Self = Self(UnsafeCell::new(if IS_UNSET { MaybeUninit::uninit() } else { MaybeUninit::zeroed() }));

    /// The value.
    #[inline(always)]
    pub fn get(&self) -> &T {
        // SAFETY: as in `get_mut`; the cell allows `settled` to write, and it does not where a reference to the value may live, for then it has
        // been called before.
        unsafe { &*settled(self.0.get().cast()) }
    }

    /// The value, to be written.
    #[inline(always)]
    pub fn get_mut(&mut self) -> &mut T {
        // SAFETY: every bit pattern is a value of a `Plain` type. The bytes are initialised: they are zero or were written, or `settled` has
        // written what the compiler cannot know.
        unsafe { &mut *settled(self.0.get().cast()) }
    }
}

/// What `fill` makes of a value that is not specified, as [`Room`] has it.
#[inline(always)]
pub fn filled<T: Plain>(fill: impl FnOnce(&mut T)) -> T {
    let mut room = if IS_UNSET { MaybeUninit::uninit() } else { MaybeUninit::zeroed() };
    // SAFETY: as in `Room::get_mut`.
    unsafe {
        fill(&mut *settled(room.as_mut_ptr()));
        room.assume_init()
    }
}

/// The same place, whose bytes are initialised from here on.
///
/// Rust takes a block of assembly for code that it does not know, and asks that there be some code with the effect of the instructions. For this
/// block, without instructions, it is: where bytes are not initialised, write to each of them what the memory's cell holds; elsewhere, do nothing.
/// The compiler has to assume that code, since it sees neither: `at` comes out of the block, and the block may touch all memory that it can
/// reach (no `nomem`, no `readonly`). On bare metal the cells hold what they held: no system takes pages away and gives others.
///
/// SAFETY: `at` may be written through.
#[inline(always)]
unsafe fn settled<T>(at: *mut T) -> *mut T {
    #[cfg(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32")))]
    {
        let mut at = at;
        // SAFETY: no instruction at all; what it stands for writes only where nothing was written, and nobody reads there before.
        unsafe { core::arch::asm!("/* {0} */", inout(reg) at, options(nostack, preserves_flags)) };
        at
    }
    #[cfg(not(all(target_os = "none", any(target_arch = "arm", target_arch = "riscv32"))))]
    at
}

/// The value with these bytes, for a `static` whose numbers are compiled in from a file: the numbers as this target lays them in memory,
/// in the order of the fields, lowest byte first on all targets but a few.
///
/// # Panics
/// Where the file has another size; while compiling in a `const` or `static`.
#[must_use]
pub const fn from_bytes<T: Plain>(bytes: &[u8]) -> T {
    assert!(bytes.len() == size_of::<T>(), "the file has another size than the value");
    let mut value = zeroed();
    bytes_mut(&mut value).copy_from_slice(bytes);
    value
}

/// All zeros on the heap; never passes through the stack.
#[cfg(feature = "std")]
#[must_use]
pub fn boxed<T: Plain>() -> Box<T> {
    const { T::PACKED };
    let layout = alloc::Layout::new::<T>();
    if layout.size() == 0 {
        // Not `Box::new(zeroed())`: a debug build would keep room for a `T` on the stack, whatever its size.
        // SAFETY: a box of no bytes may dangle where it is aligned, and a `Plain` value of no bytes is there without being written.
        return unsafe { Box::from_raw(core::ptr::NonNull::dangling().as_ptr()) };
    }
    // SAFETY: the layout has a size, the allocation has this layout, and all zeros is a valid `T`.
    unsafe {
        let at = alloc::alloc_zeroed(layout).cast::<T>();
        if at.is_null() {
            alloc::handle_alloc_error(layout);
        }
        Box::from_raw(at)
    }
}

/// `n` values of zeros on the heap; none passes through the stack.
#[cfg(feature = "std")]
#[must_use]
pub fn vec<T: Plain>(n: usize) -> Vec<T> {
    let mut values = Vec::<T>::with_capacity(n);
    // SAFETY: the capacity is `n`; the bytes are zeroed before the length says that they are values.
    unsafe {
        values.as_mut_ptr().write_bytes(0, n);
        values.set_len(n);
    }
    values
}

/// As much as every allocator aligns without being asked.
#[cfg(feature = "std")]
#[derive(Clone, Copy)]
#[repr(C, align(16))]
struct Piece([u8; 16]);

// SAFETY: an array as large as its alignment, so without padding.
#[cfg(feature = "std")]
unsafe impl Plain for Piece {}

/// Bytes of a line of the cache, and of the widest register.
#[cfg(feature = "std")]
const LINE: usize = 64;

/// Values on the heap of which the first begins a line of the cache; an allocator alone promises a quarter of that.
///
/// What is read and written register by register, several arrays at once, takes up to three times as long where each register meets two lines.
/// The allocator is not asked for lines: memory that is asked for so takes another way through it, which costs a short call more than lines gain.
// What a training step works in lies so: activations, gradients, the state of optimizers. Adam goes through four arrays at once and writes three:
// 48 cycles for sixteen parameters instead of 16. A training step of 784-512-512-10 took a tenth longer, one of 64-32-10 6 %. Asked for lines, the
// allocator neither reuses what was freed nor takes zeros as they are: `predict_batch`, which allocates in every call, took a quarter longer. The
// network itself lies where the user put it; reading and writing it alone costs little.
#[cfg(feature = "std")]
pub struct Aligned<T> {
    pieces: Vec<Piece>,
    /// Pieces before the first value.
    first: usize,
    len: usize,
    values: PhantomData<T>,
}

#[cfg(feature = "std")]
impl<T: Plain> Aligned<T> {
    /// No values.
    pub const EMPTY: Self = Self { pieces: Vec::new(), first: 0, len: 0, values: PhantomData };

    /// `n` values of zeros.
    #[must_use]
    pub fn new(n: usize) -> Self {
        const { assert!(align_of::<T>() <= align_of::<Piece>()) };
        // So many bytes are no more than a slice may have, or there is no memory for them.
        let bytes = n.saturating_mul(size_of::<T>()).saturating_add(LINE - size_of::<Piece>());
        let pieces: Vec<Piece> = vec(bytes.div_ceil(size_of::<Piece>()));
        let first = pieces.as_ptr().addr().wrapping_neg() % LINE / size_of::<Piece>();
        Self { pieces, first, len: n, values: PhantomData }
    }
}

#[cfg(feature = "std")]
impl<T: Plain> Deref for Aligned<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: behind the first pieces there is room for `len` values, aligned for them and initialised; every bit pattern is a value.
        unsafe { slice::from_raw_parts(self.pieces.as_ptr().add(self.first).cast(), self.len) }
    }
}

#[cfg(feature = "std")]
impl<T: Plain> DerefMut for Aligned<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { slice::from_raw_parts_mut(self.pieces.as_mut_ptr().add(self.first).cast(), self.len) }
    }
}

/// Sets values to zero where they lie.
pub fn clear<T: Plain>(values: &mut [T]) {
    // SAFETY: all zeros is a valid value of every `Plain` type; the slice is borrowed mutably.
    unsafe { values.as_mut_ptr().write_bytes(0, values.len()) }
}

/// Copies a value where it lies; `b` never passes through the stack.
pub fn copy<T: Plain>(a: &mut T, b: &T) {
    bytes_mut(a).copy_from_slice(bytes(b));
}

/// Copies as many bytes as both have, as one block and without a path that panics, in constants too.
pub(crate) const fn copy_bytes(to: &mut [u8], from: &[u8]) {
    let len = if to.len() < from.len() { to.len() } else { from.len() };
    // SAFETY: both have `len` bytes, and what is borrowed mutably lies apart from all else.
    unsafe { core::ptr::copy_nonoverlapping(from.as_ptr(), to.as_mut_ptr(), len) }
}

/// The bytes of a value.
#[must_use]
pub const fn bytes<T: Plain>(value: &T) -> &[u8] {
    const { T::PACKED };
    // SAFETY: a `Plain` type has no padding, so every byte is initialised.
    unsafe { slice::from_raw_parts(core::ptr::from_ref(value).cast::<u8>(), size_of::<T>()) }
}

/// The bytes of a value, to be written.
#[must_use]
pub const fn bytes_mut<T: Plain>(value: &mut T) -> &mut [u8] {
    const { T::PACKED };
    // SAFETY: as in `bytes`; every bit pattern that is written is a valid value.
    unsafe { slice::from_raw_parts_mut(core::ptr::from_mut(value).cast::<u8>(), size_of::<T>()) }
}

/// The `len` values of type `E` that start `offset` bytes into `value`; `None` where they do not lie inside it or are not aligned.
#[must_use]
pub fn part<T: Plain, E: Plain>(value: &T, offset: usize, len: usize) -> Option<&[E]> {
    const { T::PACKED };
    let bytes = len.checked_mul(size_of::<E>())?;
    if offset.checked_add(bytes)? > size_of::<T>() {
        return None;
    }
    // SAFETY: the range lies inside `value` and its alignment is checked; every bit pattern is a valid `E`.
    unsafe {
        let at = core::ptr::from_ref(value).cast::<u8>().add(offset).cast::<E>();
        at.is_aligned().then(|| slice::from_raw_parts(at, len))
    }
}

/// As [`part`], to be written.
#[must_use]
pub fn part_mut<T: Plain, E: Plain>(value: &mut T, offset: usize, len: usize) -> Option<&mut [E]> {
    const { T::PACKED };
    let bytes = len.checked_mul(size_of::<E>())?;
    if offset.checked_add(bytes)? > size_of::<T>() {
        return None;
    }
    // SAFETY: as in `part`, and `value` is borrowed mutably for as long as the slice lives.
    unsafe {
        let at = core::ptr::from_mut(value).cast::<u8>().add(offset).cast::<E>();
        at.is_aligned().then(|| slice::from_raw_parts_mut(at, len))
    }
}

/// The same numbers under another shape of the same size, as `Flatten` needs it.
#[must_use]
pub fn reshape<A: Plain, B: Plain>(values: &[A]) -> &[B] {
    const { assert!(size_of::<A>() == size_of::<B>() && align_of::<A>() >= align_of::<B>()) };
    // SAFETY: same size and no stricter alignment; every bit pattern is a valid `B`.
    unsafe { slice::from_raw_parts(values.as_ptr().cast::<B>(), values.len()) }
}

/// As [`reshape`], to be written.
#[must_use]
pub fn reshape_mut<A: Plain, B: Plain>(values: &mut [A]) -> &mut [B] {
    const { assert!(size_of::<A>() == size_of::<B>() && align_of::<A>() >= align_of::<B>()) };
    // SAFETY: as in `reshape`, and the borrow is exclusive.
    unsafe { slice::from_raw_parts_mut(values.as_mut_ptr().cast::<B>(), values.len()) }
}

/// A number as another of the same size; of the same type, but that only a build checks it.
#[doc(hidden)]
#[must_use]
pub fn hand<A: Plain + Copy, B: Plain + Copy>(value: A) -> B {
    const { assert!(size_of::<A>() == size_of::<B>()) };
    // SAFETY: as many bytes, and every bit pattern is a valid `B`; the read needs no alignment.
    unsafe { core::ptr::from_ref(&value).cast::<B>().read_unaligned() }
}

/// Values of one or many samples one after another in a block of memory, which has `LEN` numbers a sample: what lives at one time shares no
/// number, and what does not may.
#[doc(hidden)]
#[inline(always)] // sizes are constants of the caller
pub fn places<T: Scalar, const LEN: usize>(memory: &mut [[T; LEN]]) -> Places<'_, T> {
    let samples = memory.len();
    Places { samples, rest: memory.as_flattened_mut() }
}

/// Work with large memory of its own, which is on the stack only while it runs.
#[doc(hidden)]
#[inline(never)]
pub fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// See [`places`].
#[doc(hidden)]
pub struct Places<'a, T> {
    samples: usize,
    rest: &'a mut [T],
}

impl<'a, T: Scalar> Places<'a, T> {
    /// The next value of every sample, after `skipped` numbers a sample; empty where the block ends before.
    #[inline(always)] // sizes are constants of the caller
    pub fn after<X: crate::Tensor<Scalar = T>>(&mut self, skipped: usize) -> &'a mut [X] {
        let rest = core::mem::take(&mut self.rest);
        let (_, rest) = rest.split_at_mut_checked(skipped * self.samples).unwrap_or_default();
        let (values, rest) = rest.split_at_mut_checked(X::LEN * self.samples).unwrap_or_default();
        self.rest = rest;
        // SAFETY: a `Tensor` is `LEN` scalars in a row (sealed: nested arrays of its scalar); `values` holds that many for each sample, or none.
        unsafe { slice::from_raw_parts_mut(values.as_mut_ptr().cast::<X>(), if values.is_empty() { 0 } else { self.samples }) }
    }
}

/// As many values of a smaller type, packed at the start of a larger buffer: how buffers of different layers share memory.
#[must_use]
pub fn packed<A: Plain, B: Plain>(values: &[A]) -> &[B] {
    const { assert!(size_of::<A>() >= size_of::<B>() && align_of::<A>() >= align_of::<B>()) };
    // SAFETY: `len` values of `B` take no more room than `len` of `A`, and no stricter alignment.
    unsafe { slice::from_raw_parts(values.as_ptr().cast::<B>(), values.len()) }
}

/// As [`packed`], to be written.
#[must_use]
pub fn packed_mut<A: Plain, B: Plain>(values: &mut [A]) -> &mut [B] {
    const { assert!(size_of::<A>() >= size_of::<B>() && align_of::<A>() >= align_of::<B>()) };
    // SAFETY: as in `packed`, and the borrow is exclusive.
    unsafe { slice::from_raw_parts_mut(values.as_mut_ptr().cast::<B>(), values.len()) }
}

/// A flat slice of numbers as samples of a known shape; `None` where the length is no multiple of the sample's.
#[must_use]
pub fn samples<T: Scalar, X: crate::Tensor<Scalar = T>>(values: &[T]) -> Option<&[X]> {
    if X::LEN == 0 || !values.len().is_multiple_of(X::LEN) {
        return None;
    }
    // SAFETY: a `Tensor` is `LEN` scalars in a row (sealed: nested arrays of its scalar), so the slice holds exactly `len / LEN` of them.
    Some(unsafe { slice::from_raw_parts(values.as_ptr().cast::<X>(), values.len() / X::LEN) })
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::Aligned;

    #[test]
    fn aligned_values_begin_a_line_and_are_zero() {
        for n in [0, 1, 5, 16, 1000] {
            let mut bytes = Aligned::<[u8; 3]>::new(n);
            assert_eq!((bytes.len(), bytes.as_ptr().addr() % 64), (n, 0));
            assert!(bytes.iter().all(|value| *value == [0; 3]));
            bytes.fill([7; 3]);
            assert_eq!(bytes.as_flattened(), std::vec![7; 3 * n]);
            assert_eq!(Aligned::<[f64; 9]>::new(n).as_ptr().addr() % 64, 0);
            assert_eq!(Aligned::<()>::new(n).len(), n);
        }
        assert!(Aligned::<f32>::EMPTY.is_empty());
    }
}
