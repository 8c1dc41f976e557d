//! Activations: one file each, forward and backward side by side. They work in place, so that no layer needs a second buffer.

mod relu;

pub use relu::Relu;

use crate::{Kind, Simd, Tensor};

/// What the derivative is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The output `y`; the activation can overwrite its input.
    Output,
    /// The input `z`; the network keeps it beside the output.
    Input,
}

/// A function without parameters whose output has the input's shape `X`.
pub trait Activation<X: Tensor>: Copy + Send + Sync + 'static {
    /// What the output means.
    type Kind: Kind;
    /// What `backward` computes from.
    const KNOWN: Known;

    /// `y = f(y)`, in place.
    fn forward_in_place<S: Simd>(self, s: S, y: &mut [X]);

    /// `y = f(z)`.
    #[inline]
    fn forward<S: Simd>(self, s: S, z: &[X], y: &mut [X]) {
        for (y, z) in X::flatten_mut(y).iter_mut().zip(X::flatten(z)) {
            *y = *z;
        }
        self.forward_in_place(s, y);
    }

    /// `dz = dy · f′`, in place in `dy`; `known` is what [`Activation::KNOWN`] says.
    fn backward<S: Simd>(self, s: S, known: &[X], dy: &mut [X]);
}

/// An activation that treats every number alone.
pub(crate) fn map<X: Tensor>(y: &mut [X], f: impl Fn(X::Scalar) -> X::Scalar) {
    for y in X::flatten_mut(y) {
        *y = f(*y);
    }
}

/// `dy *= slope(known)`, number by number.
pub(crate) fn scale_by<X: Tensor>(known: &[X], dy: &mut [X], slope: impl Fn(X::Scalar) -> X::Scalar) {
    for (dy, known) in X::flatten_mut(dy).iter_mut().zip(X::flatten(known)) {
        *dy = *dy * slope(*known);
    }
}
