//! Plain Rust in rolled loops: what microcontrollers run where flash is scarcer than time.

use super::{Kernels, Simd};

/// As [`Portable`](super::Portable), to the bit, in less code: one rolled loop for all layers of a kind.
///
/// What has no kernel of its own, and `f64`, runs the layers' loops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compact;

impl Simd for Compact {
    const FAST: bool = true;
    const INLINE: bool = false;
    const COMPACT: bool = true;

    #[inline(always)]
    fn kernels(self) -> Kernels {
        Kernels::Portable
    }

    #[inline(always)]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }
}
