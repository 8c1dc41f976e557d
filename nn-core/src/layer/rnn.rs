//! Elman's recurrent layer: `h[t] = f(W x[t] + b + U h[t − 1] + c)` with `f` tanh or ReLU and `h[−1] = 0`; shapes `[L, I] -> [L, H]`, or
//! `[H]` for the last state alone.
//!
//! Given `dh[t]`, what the output and the step behind it say: `da = dh[t] f′`, by the output, and `dh[t − 1] = Uᵀ da`;
//! `dW = Σₜ da[t] x[t]ᵀ`, `dU = Σₜ da[t] h[t − 1]ᵀ`, `db = dc = Σₜ da[t]`, `dx[t] = Wᵀ da[t]`.
//!
//! Source: Elman 1990; PyTorch's `RNN`.

use super::recurrent::{Cell, EveryStep, Recurrent};
use crate::Scalar;
use crate::activation::{Pointwise, Relu, Tanh};

/// Elman's recurrent layer over `L` steps of `I` numbers, with `H` units; `A` is its activation.
///
/// `O` is the width of an output, `H` times the directions `D`; `M` layers are stacked on the first; `B` is 0 without biases.
pub type Rnn<
    const L: usize,
    const I: usize,
    const H: usize,
    Y = EveryStep,
    const O: usize = H,
    const D: usize = 1,
    const M: usize = 0,
    T = f32,
    const B: usize = 1,
    A = Tanh,
> = Recurrent<RnnCell<A>, Y, L, I, H, O, D, M, 1, 1, 1, B, T>;

/// The activation of an [`Rnn`] with `activation = Relu`.
pub type Rectified = Relu;

/// The unit of [`Rnn`].
#[derive(Clone, Copy, Debug)]
pub struct RnnCell<A>(A);

/// An activation whose slope follows from its output.
pub trait Bounded: Pointwise {
    /// The activation.
    const SELF: Self;
}

impl Bounded for Tanh {
    const SELF: Self = Self;
}

impl Bounded for Relu {
    const SELF: Self = Self;
}

impl<A: Bounded> Cell<1, 1> for RnnCell<A> {
    const NAME: &'static str = "Rnn";

    #[inline(always)]
    fn step<T: Scalar>(kept: &mut [T; 1], _: [T; 1]) -> [T; 1] {
        kept.map(
            #[inline(always)]
            |sum| A::SELF.value(sum),
        )
    }

    #[inline(always)]
    fn back<T: Scalar>(kept: &mut [T; 1], _: [T; 1], [h]: [T; 1], [dh]: [T; 1]) -> [T; 1] {
        // forward: h = f(sum)
        *kept = [dh * A::SELF.slope(h)];
        [T::ZERO]
    }
}
