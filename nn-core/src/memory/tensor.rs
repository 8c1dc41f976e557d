//! Values with a shape known while compiling: nested arrays, row-major, `[[[f32; 28]; 28]; 1]` for the shape `[1, 28, 28]`.

use core::fmt;

use crate::{Plain, Scalar};

/// A scalar or a nested array of scalars.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no shape that is known while compiling",
    label = "neither a number nor nested arrays of numbers",
    note = "a vector is `[f32; 4]`, an image `[[[f32; 28]; 28]; 1]`: channels, height, width"
)]
pub trait Tensor: Plain {
    /// The element type.
    type Scalar: Scalar;
    /// The sizes, outermost first.
    const SHAPE: Shape;
    /// The number of scalars.
    const LEN: usize = Self::SHAPE.len();

    /// The scalars of many values, in order.
    fn flatten(values: &[Self]) -> &[Self::Scalar];
    /// The scalars of many values, in order, to be written.
    fn flatten_mut(values: &mut [Self]) -> &mut [Self::Scalar];

    /// The scalars of one value, in order.
    #[inline]
    fn flat(&self) -> &[Self::Scalar] {
        Self::flatten(core::slice::from_ref(self))
    }
    /// The scalars of one value, in order, to be written.
    #[inline]
    fn flat_mut(&mut self) -> &mut [Self::Scalar] {
        Self::flatten_mut(core::slice::from_mut(self))
    }
}

macro_rules! tensor_of_rank_zero {
    ($($float:ident)*) => {$(
        impl Tensor for $float {
            type Scalar = $float;
            const SHAPE: Shape = Shape::SCALAR;
            #[inline]
            fn flatten(values: &[Self]) -> &[$float] {
                values
            }
            #[inline]
            fn flatten_mut(values: &mut [Self]) -> &mut [$float] {
                values
            }
        }
    )*};
}
tensor_of_rank_zero!(f32 f64);

impl<X: Tensor, const N: usize> Tensor for [X; N] {
    type Scalar = X::Scalar;
    const SHAPE: Shape = X::SHAPE.under(N);
    #[inline]
    fn flatten(values: &[Self]) -> &[Self::Scalar] {
        X::flatten(values.as_flattened())
    }
    #[inline]
    fn flatten_mut(values: &mut [Self]) -> &mut [Self::Scalar] {
        X::flatten_mut(values.as_flattened_mut())
    }
}

/// Up to six sizes, outermost first.
#[derive(Clone, Copy)]
pub struct Shape {
    rank: usize,
    sizes: [usize; Self::MAX_RANK],
}

impl Shape {
    /// The most dimensions that a shape can have.
    pub const MAX_RANK: usize = 6;
    /// The shape of a single number.
    pub const SCALAR: Self = Self { rank: 0, sizes: [0; Self::MAX_RANK] };

    /// The shape with these sizes.
    ///
    /// # Panics
    /// With more than [`Shape::MAX_RANK`] sizes; meant for constants.
    #[must_use]
    pub const fn new(sizes: &[usize]) -> Self {
        let mut shape = Self::SCALAR;
        let mut i = sizes.len();
        while i > 0 {
            i -= 1;
            shape = shape.under(sizes[i]);
        }
        shape
    }

    /// The shape with the first `rank` of these sizes.
    pub(crate) const fn first(rank: usize, sizes: [usize; Self::MAX_RANK]) -> Self {
        Self { rank: if rank < Self::MAX_RANK { rank } else { Self::MAX_RANK }, sizes }
    }

    /// The shape of `n` such values.
    pub(crate) const fn under(self, n: usize) -> Self {
        let mut sizes = [n; Self::MAX_RANK];
        let mut i = 0;
        while i < self.rank {
            sizes[i + 1] = self.sizes[i];
            i += 1;
        }
        Self { rank: self.rank + 1, sizes }
    }

    /// The sizes, outermost first.
    #[must_use]
    pub const fn sizes(&self) -> &[usize] {
        match self.sizes.split_at_checked(self.rank) {
            Some((sizes, _)) => sizes,
            None => &[],
        }
    }

    /// The number of scalars.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no size is zero")]
    pub const fn len(&self) -> usize {
        let sizes = self.sizes();
        let mut product = 1;
        let mut i = 0;
        while i < sizes.len() {
            product *= sizes[i];
            i += 1;
        }
        product
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.sizes() == other.sizes()
    }
}

impl Eq for Shape {}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.sizes(), f)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.sizes(), f)
    }
}
