//! Plain Rust: the reference, and what microcontrollers run.

use super::{Kernels, Simd};

/// Plain Rust, one fixed order, separate multiply and add: the reference, and the same bits on every target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

impl Simd for Portable {
    const FAST: bool = false;
    const INLINE: bool = true;

    #[inline(always)]
    fn kernels(self) -> Kernels {
        Kernels::Portable
    }

    #[inline(always)]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }
}
