//! Long short-term memory: with `h = h[t − 1]` and `c = c[t − 1]`, which are 0 at the start,
//!
//! ```text
//! i = σ(Wᵢ x + bᵢ + Uᵢ h + cᵢ)     how much of the candidate is taken
//! f = σ(W_f x + b_f + U_f h + c_f)   how much of the cell stays
//! g = tanh(W_g x + b_g + U_g h + c_g)   the candidate
//! o = σ(Wₒ x + bₒ + Uₒ h + cₒ)     how much of the cell is shown
//! c[t] = f c + i g
//! h[t] = o tanh(c[t])
//! ```
//!
//! Shapes `[L, I] -> [L, H]`, or `[H]` for the last `h` alone; gates lie in the order i, f, g, o.
//!
//! Given `dh[t]` and `dc[t]`, with `u = tanh(c[t])`: `dc += dh o (1 − u²)`, `daₒ = dh u o (1 − o)`, `daᵢ = dc g i (1 − i)`,
//! `da_f = dc c f (1 − f)`, `da_g = dc i (1 − g²)`; `dc[t − 1] = f dc`, `dh[t − 1] = Σ Uᵀ da`. `dW`, `dU`, the biases' and `dx` follow
//! from `da` as in [`Dense`](super::Dense), summed over the steps.
//!
//! Source: Hochreiter, Schmidhuber 1997; Gers and others 2000 (the forget gate); PyTorch's `LSTM`.

use super::recurrent::{Cell, EveryStep, Recurrent};
use crate::Scalar;
use crate::activation::sigmoid;

/// Long short-term memory over `L` steps of `I` numbers, with `H` cells.
///
/// `O` is the width of an output, `H` times the directions `D`; `M` layers are stacked on the first; `B` is 0 without biases. `F` is what the
/// forget gate's bias starts with, as the bits of an `f64`, because a type cannot hold a float.
pub type Lstm<
    const L: usize,
    const I: usize,
    const H: usize,
    Y = EveryStep,
    const O: usize = H,
    const D: usize = 1,
    const M: usize = 0,
    T = f32,
    const B: usize = 4,
    const F: u64 = { AS_DRAWN },
> = Recurrent<LstmCell<F>, Y, L, I, H, O, D, M, 4, 4, 2, B, T>;

/// The forget gate's bias starts as all others do. The bits are of no number.
pub const AS_DRAWN: u64 = u64::MAX;

/// The unit of [`Lstm`].
#[derive(Clone, Copy, Debug)]
pub struct LstmCell<const F: u64>;

/// The numbers are i, f, g and o; the state is h and c.
impl<const F: u64> Cell<4, 2> for LstmCell<F> {
    const NAME: &'static str = "Lstm";

    #[inline(always)]
    fn step<T: Scalar>(kept: &mut [T; 4], [_, c]: [T; 2]) -> [T; 2] {
        let [i, f, g, o] = *kept;
        let [i, f, g, o] = [sigmoid(i), sigmoid(f), g.tanh(), sigmoid(o)];
        *kept = [i, f, g, o];
        let c = f * c + i * g;
        [o * c.tanh(), c]
    }

    #[inline(always)]
    fn back<T: Scalar>(kept: &mut [T; 4], [_, before]: [T; 2], [_, c]: [T; 2], [dh, dc]: [T; 2]) -> [T; 2] {
        let [i, f, g, o] = *kept;
        // forward: h[t] = o tanh(c[t])
        let u = c.tanh();
        let dc = dc + dh * o * (T::ONE - u * u);
        // forward: c[t] = f c + i g
        *kept = [dc * g * (i * (T::ONE - i)), dc * before * (f * (T::ONE - f)), dc * i * (T::ONE - g * g), dh * u * (o * (T::ONE - o))];
        [T::ZERO, dc * f]
    }

    fn set_biases<T: Scalar, const H: usize>(bias_ih: &mut [[T; H]], bias_hh: &mut [[T; H]]) {
        if const { F != AS_DRAWN } {
            for (biases, start) in [(bias_ih, f64::from_bits(F)), (bias_hh, 0.0)] {
                if let Some(forget) = biases.get_mut(1) {
                    forget.fill(T::from_f64(start));
                }
            }
        }
    }
}
