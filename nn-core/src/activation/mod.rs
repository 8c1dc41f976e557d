//! Activations: one file each, forward and backward side by side. They work in place, so that no layer needs a second buffer.

mod elu;
mod gelu;
mod gelu_tanh;
mod hard_sigmoid;
mod identity;
mod leaky_relu;
mod log_softmax;
mod relu;
mod relu6;
mod sigmoid;
mod silu;
mod softmax;
mod softplus;
mod step;
mod tanh;
#[cfg(test)]
mod tests;

pub use elu::Elu;
pub use gelu::Gelu;
pub use gelu_tanh::GeluTanh;
pub use hard_sigmoid::HardSigmoid;
pub use identity::Identity;
pub use leaky_relu::LeakyRelu;
pub use log_softmax::LogSoftmax;
pub use relu::Relu;
pub use relu6::Relu6;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use step::Step;
pub use tanh::Tanh;

use crate::{Kind, Scalar, Simd, Tensor};

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
#[inline]
pub(crate) fn map<X: Tensor>(y: &mut [X], f: impl Fn(X::Scalar) -> X::Scalar) {
    for y in X::flatten_mut(y) {
        *y = f(*y);
    }
}

/// `dy *= slope(known)`, number by number.
#[inline]
pub(crate) fn scale_by<X: Tensor>(known: &[X], dy: &mut [X], slope: impl Fn(X::Scalar) -> X::Scalar) {
    for (dy, known) in X::flatten_mut(dy).iter_mut().zip(X::flatten(known)) {
        *dy *= slope(*known);
    }
}

/// `1 / (1 + e⁻ᶻ)`: small values keep their relative accuracy, and no sign of `z` overflows to NaN.
#[inline]
pub(crate) fn sigmoid<T: Scalar>(z: T) -> T {
    T::ONE / (T::ONE + (-z).exp())
}
