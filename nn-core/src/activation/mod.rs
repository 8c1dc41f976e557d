//! Activations: one file each, forward and backward side by side. They work in place, so that no layer needs a second buffer.

mod elu;
mod gelu;
mod gelu_tanh;
mod hard_sigmoid;
mod hard_swish;
mod identity;
mod leaky_relu;
mod log_softmax;
mod mish;
mod relu;
mod relu6;
mod rows;
mod selu;
mod sigmoid;
mod silu;
mod softmax;
mod softplus;
mod softsign;
mod step;
mod tanh;
#[cfg(test)]
mod tests;

pub use elu::Elu;
pub use gelu::Gelu;
pub use gelu_tanh::GeluTanh;
pub use hard_sigmoid::HardSigmoid;
pub use hard_swish::HardSwish;
pub use identity::Identity;
pub use leaky_relu::LeakyRelu;
pub use log_softmax::LogSoftmax;
pub use mish::Mish;
pub use relu::Relu;
pub use relu6::Relu6;
pub use selu::Selu;
pub use sigmoid::Sigmoid;
pub use silu::{Silu, Silu as Swish};
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use softsign::Softsign;
pub use step::Step;
pub use tanh::Tanh;

use crate::{Kernels, Kind, Scalar, Simd, Tensor};

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
pub trait Pointwise: Copy + Send + Sync + 'static {
    /// What the output means.
    type Kind: Kind;
    /// What the slope is computed from.
    const KNOWN: Known;
    /// What a number costs, in multiply-adds: much for an exponential, little where memory is what takes the time.
    #[doc(hidden)]
    const COST: usize = 64;

    /// `f(z)`.
    fn value<T: Scalar>(self, z: T) -> T;

    /// `f′`; `known` is what [`Pointwise::KNOWN`] says.
    fn slope<T: Scalar>(self, known: T) -> T;

    /// `y = f(y)` for many numbers, by `compiled!()`.
    #[doc(hidden)]
    fn values(self, kernels: Kernels, y: &mut [f32]);

    /// `dy *= f′(known)` for many numbers, by `compiled!()`.
    #[doc(hidden)]
    fn scale_by_slopes(self, kernels: Kernels, known: &[f32], dy: &mut [f32]);
}

/// Numbers in a line of the cache, which no two threads should write.
const LINE: usize = 16;

/// The two functions of a [`Pointwise`] for many numbers: compiled in this crate, once for each instruction set, with the same bits.
macro_rules! compiled {
    () => {
        fn values(self, kernels: $crate::Kernels, y: &mut [f32]) {
            kernels.threads().each(y.len() * Self::COST, $crate::activation::LINE, y, |y| {
                kernels.vectorize(
                    #[inline(always)]
                    || $crate::activation::values(self, y),
                );
            });
        }
        #[inline(never)] // one for all layers of small programs; in them its constants would take registers of the whole step
        fn scale_by_slopes(self, kernels: $crate::Kernels, known: &[f32], dy: &mut [f32]) {
            kernels.threads().each(dy.len() * Self::COST, $crate::activation::LINE, (known, dy), |(known, dy)| {
                kernels.vectorize(
                    #[inline(always)]
                    || $crate::activation::scale_by_slopes(self, known, dy),
                );
            });
        }
    };
}
use compiled;

#[inline(always)]
fn values<T: Scalar>(of: impl Pointwise, y: &mut [T]) {
    for y in y {
        *y = of.value(*y);
    }
}

#[inline(always)]
fn scale_by_slopes<T: Scalar>(of: impl Pointwise, known: &[T], dy: &mut [T]) {
    for (dy, known) in dy.iter_mut().zip(known) {
        *dy *= of.slope(*known);
    }
}

#[diagnostic::do_not_recommend]
impl<X: Tensor, A: Pointwise> Activation<X> for A {
    type Kind = A::Kind;
    const KNOWN: Known = A::KNOWN;

    #[inline]
    fn forward_in_place<S: Simd>(self, s: S, y: &mut [X]) {
        let y = X::flatten_mut(y);
        if const { S::INLINE || !X::Scalar::HAS_KERNELS } {
            values(self, y);
        } else if let Some(y) = X::Scalar::f32s_mut(y) {
            self.values(s.kernels(), y);
        }
    }

    #[inline]
    fn backward<S: Simd>(self, s: S, known: &[X], dy: &mut [X]) {
        let (known, dy) = (X::flatten(known), X::flatten_mut(dy));
        if const { S::INLINE || !X::Scalar::HAS_KERNELS } {
            scale_by_slopes(self, known, dy);
        } else if let (Some(known), Some(dy)) = (X::Scalar::f32s(known), X::Scalar::f32s_mut(dy)) {
            self.scale_by_slopes(s.kernels(), known, dy);
        }
    }
}

/// `1 / (1 + e⁻ᶻ)`: small values keep their relative accuracy, and no sign of `z` overflows to NaN.
#[inline]
pub(crate) fn sigmoid<T: Scalar>(z: T) -> T {
    T::ONE / (T::ONE + (-z).exp())
}
