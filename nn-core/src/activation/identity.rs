//! Identity: `y = z`; `dz = dy`.

use super::{Activation, Known};
use crate::{Real, Simd, Tensor};

/// `z`: nothing happens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity;

impl<X: Tensor> Activation<X> for Identity {
    type Kind = Real;
    const KNOWN: Known = Known::Output;

    #[inline]
    fn forward_in_place<S: Simd>(self, _: S, _: &mut [X]) {}

    #[inline]
    fn backward<S: Simd>(self, _: S, _: &[X], _: &mut [X]) {}
}
