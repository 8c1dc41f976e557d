//! Leaky rectified linear unit: `y = z` where `z > 0`, else `a z`; `dz = dy` where `y > 0`, else `a dy`.

use super::{Known, Pointwise, compiled};
use crate::{Real, Scalar};

/// `z` where `z > 0`, else `a z` (Maas, Hannun, Ng 2013; PyTorch's `LeakyReLU`): no unit is ever quite dead.
///
/// The slope `a` is 0 or more: with a negative one the output would not tell on which side the input was. Default: 0.01.
#[derive(Clone, Copy, Debug)]
pub struct LeakyRelu(
    /// The slope `a` below 0.
    pub f64,
);

impl Default for LeakyRelu {
    fn default() -> Self {
        Self(0.01)
    }
}

impl Pointwise for LeakyRelu {
    type Kind = Real;
    const KNOWN: Known = Known::Output;
    const COST: usize = 8;
    compiled!();

    #[inline(always)]
    fn value<T: Scalar>(self, z: T) -> T {
        if z > T::ZERO { z } else { T::from_f64(self.0) * z }
    }

    #[inline(always)]
    fn slope<T: Scalar>(self, y: T) -> T {
        if y > T::ZERO { T::ONE } else { T::from_f64(self.0) }
    }
}
