//! Where a batch of intermediate values lies: on the heap, grown to the batch, or in place for one sample.
//!
//! # Why a buffer holds the batch, and not a sample all buffers
//!
//! The values between layers are fields with the layers' names, of type `B::Of<[[[f32; 24]; 24]; 6]>`: a heap vector for a batch, or
//! one value in place. An earlier sketch had a slice of one `Saved` a sample. That makes every buffer inside a network strided (an
//! array of structs), while kernels want one contiguous batch a layer (a struct of arrays). So the container belongs to the layer. What
//! a batch shares, such as the statistics of `BatchNorm`, lies in the same tape.

use crate::Plain;
#[cfg(feature = "std")]
use crate::plain::Aligned;
use crate::plain::Room;

/// A kind of storage for the values between layers.
///
/// Generated workspaces are generic in it: the same code trains batches on a PC ([`Heap`]) and single samples without a heap ([`One`]).
pub trait Store: Sized + Send + Sync + 'static {
    /// Storage for a batch of `T`.
    type Of<T: Plain>: Buffer<T>;
    /// Storage that only the kernels for batches need, such as transposed weights; without a heap it holds nothing.
    type OfBatches<T: Plain>: Buffer<T>;
}

/// Something that a workspace is made of; made empty, filled by use.
pub trait Scratch: Sized + Send + Sync + 'static {
    /// Before the first use: a constant, so that a workspace can be a `static`.
    const NEW: Self;

    /// [`Scratch::NEW`].
    #[inline]
    #[must_use]
    fn new() -> Self {
        Self::NEW
    }
}

impl Scratch for () {
    const NEW: Self = ();
}

impl<W: Scratch, const N: usize> Scratch for [W; N] {
    const NEW: Self = [W::NEW; N];
}

/// Storage for a batch of `T`.
pub trait Buffer<T: Plain>: Scratch {
    /// The first `n` values, after growing to hold them where that is needed; new ones are zero.
    ///
    /// [`One`] always gives its single value.
    fn batch_mut(&mut self, n: usize) -> &mut [T];

    /// The first `n` values, as [`Buffer::batch_mut`] left them.
    fn batch(&self, n: usize) -> &[T];
}

/// One sample, in place: no heap.
pub struct One;

impl Store for One {
    type Of<T: Plain> = Single<T>;
    type OfBatches<T: Plain> = Nothing;
}

/// What [`One`] has for batches.
pub struct Nothing;

impl Scratch for Nothing {
    const NEW: Self = Self;
}

impl<T: Plain> Buffer<T> for Nothing {
    #[inline]
    fn batch_mut(&mut self, _: usize) -> &mut [T] {
        &mut []
    }
    #[inline]
    fn batch(&self, _: usize) -> &[T] {
        &[]
    }
}

/// The storage of [`One`].
pub struct Single<T>(Room<[T; 1]>);

impl<T: Plain> Scratch for Single<T> {
    const NEW: Self = Self(Room::NEW);
}

impl<T: Plain> Buffer<T> for Single<T> {
    #[inline]
    fn batch_mut(&mut self, _: usize) -> &mut [T] {
        self.0.get_mut()
    }
    #[inline]
    fn batch(&self, _: usize) -> &[T] {
        self.0.get()
    }
}

/// A batch on the heap; allocates when it first sees a larger batch.
#[cfg(feature = "std")]
pub struct Heap;

#[cfg(feature = "std")]
impl Store for Heap {
    type Of<T: Plain> = Aligned<T>;
    type OfBatches<T: Plain> = Aligned<T>;
}

#[cfg(feature = "std")]
impl<T: Plain> Scratch for Aligned<T> {
    const NEW: Self = Self::EMPTY;
}

#[cfg(feature = "std")]
impl<T: Plain> Buffer<T> for Aligned<T> {
    #[inline]
    fn batch_mut(&mut self, n: usize) -> &mut [T] {
        if self.len() < n {
            *self = Self::new(n);
        }
        &mut self[..n]
    }
    #[inline]
    fn batch(&self, n: usize) -> &[T] {
        &self[..n]
    }
}
