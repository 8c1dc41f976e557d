//! Piecewise swish: `y = z h` with `h = min(max(0, z + 3), 6) / 6`; `dz = dy (h + z / 6)` where `−3 < z < 3`, else `dy h`. Not monotonic, so
//! that backward needs the input `z`.

use super::{HardSigmoid, Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `z` times [`HardSigmoid`] of `z` (Howard and others 2019; PyTorch's `Hardswish`): swish without an exponential.
#[derive(Clone, Copy, Debug, Default)]
pub struct HardSwish;

impl Pointwise for HardSwish {
    type Kind = Real;
    const KNOWN: Known = Known::Input;
    const COST: usize = 8;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        z * HardSigmoid.value(z)
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, z: T) -> T {
        let h = HardSigmoid.value(z);
        h + z * HardSigmoid.slope(h)
    }
}
