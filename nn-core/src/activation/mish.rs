//! Mish: `y = z t` with `t = tanh(ln(1 + eᶻ))`; `dz = dy (t + z (1 − t²) / (1 + e⁻ᶻ))`. Not monotonic, so that backward needs the input `z`.

use super::{Known, Pointwise, compiled, sigmoid};
use crate::{Real, Scalar};

/// `z tanh(ln(1 + eᶻ))` (Misra 2019; PyTorch's `Mish`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Mish;

/// `tanh(ln(1 + eᶻ)) = n (n + 2) / (n (n + 2) + 2)` with `n = eᶻ`; by `e^−|z|`, so that nothing overflows.
#[inline(always)]
fn gate<T: Scalar>(z: T) -> T {
    let (two, e) = (T::from_f64(2.0), (-z.abs()).exp());
    let above = T::ONE + two * e;
    let below = e * (e + two);
    if z > T::ZERO { above / (above + two * e * e) } else { below / (below + two) }
}

impl Pointwise for Mish {
    type Kind = Real;
    const KNOWN: Known = Known::Input;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        z * gate(z)
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, z: T) -> T {
        let t = gate(z);
        t + z * (T::ONE - t * t) * sigmoid(z)
    }
}
