//! Gated recurrent units: with `h = h[t − 1]`, which is 0 at the start,
//!
//! ```text
//! r = σ(Wᵣ x + bᵣ + Uᵣ h + cᵣ)        how much of the past the candidate sees
//! z = σ(W_z x + b_z + U_z h + c_z)    how much of the past stays
//! n = tanh(Wₙ x + bₙ + r (Uₙ h + cₙ))   the candidate
//! h[t] = (1 − z) n + z h
//! ```
//!
//! Shapes `[L, I] -> [L, H]`, or `[H]` for the last state alone; gates lie in the order r, z, n.
//!
//! Given `dh[t]`, with `q = Uₙ h + cₙ`: `da_z = dh (h − n) z (1 − z)`, `daₙ = dh (1 − z)(1 − n²)`, `dq = daₙ r`, `daᵣ = daₙ q r (1 − r)`;
//! `dh[t − 1] = z dh + Uᵣᵀ daᵣ + U_zᵀ da_z + Uₙᵀ dq`. `dW`, `db` and `dx` follow from `da` as in [`Dense`](super::Dense), summed over the
//! steps; `dU` and `dc` from `daᵣ`, `da_z` and `dq`.
//!
//! Source: Cho and others 2014; PyTorch's `GRU`, which applies `r` behind the product.

use super::recurrent::{Cell, EveryStep, Recurrent};
use crate::Scalar;
use crate::activation::sigmoid;

/// Gated recurrent units over `L` steps of `I` numbers, `H` of them.
///
/// `O` is the width of an output, `H` times the directions `D`; `M` layers are stacked on the first; `B` is 0 without biases.
pub type Gru<
    const L: usize,
    const I: usize,
    const H: usize,
    Y = EveryStep,
    const O: usize = H,
    const D: usize = 1,
    const M: usize = 0,
    T = f32,
    const B: usize = 3,
> = Recurrent<GruCell, Y, L, I, H, O, D, M, 3, 4, 1, B, T>;

/// The unit of [`Gru`].
#[derive(Clone, Copy, Debug)]
pub struct GruCell;

/// The numbers are r, z, q, and the input's share of n, behind which lies n itself.
impl Cell<4, 1> for GruCell {
    const NAME: &'static str = "Gru";

    #[inline(always)]
    fn step<T: Scalar>(kept: &mut [T; 4], [h]: [T; 1]) -> [T; 1] {
        let [r, z, q, n] = *kept;
        let (r, z) = (sigmoid(r), sigmoid(z));
        let n = (n + r * q).tanh();
        *kept = [r, z, q, n];
        [(h - n) * z + n]
    }

    #[inline(always)]
    fn back<T: Scalar>(kept: &mut [T; 4], [h]: [T; 1], _: [T; 1], [dh]: [T; 1]) -> [T; 1] {
        let [r, z, q, n] = *kept;
        // forward: h[t] = (h − n) z + n
        let dz = dh * (h - n) * (z * (T::ONE - z));
        // forward: n = tanh(n + r q)
        let dn = dh * (T::ONE - z) * (T::ONE - n * n);
        let dr = dn * q * (r * (T::ONE - r));
        *kept = [dr, dz, dn * r, dn];
        [dh * z]
    }
}
