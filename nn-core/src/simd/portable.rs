//! Plain Rust: the reference, and what microcontrollers run.

use super::Simd;
use crate::kernel::{Convolve, ConvolveBackward, Dots, MaxPool, MaxPoolBackward, Product, reference};

/// Plain Rust, one fixed order, separate multiply and add: the reference, and the same bits on every target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

impl Simd for Portable {
    const NAME: &'static str = "portable";
    const FAST: bool = false;

    #[inline]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline]
    fn product(self, product: Product<'_>) {
        reference::product(product);
    }

    #[inline]
    fn dots(self, dots: Dots<'_>) {
        reference::dots(dots);
    }

    #[inline]
    fn convolve(self, convolve: Convolve<'_>) {
        reference::convolve(convolve);
    }

    #[inline]
    fn convolve_backward(self, backward: ConvolveBackward<'_>) {
        reference::convolve_backward(backward);
    }

    #[inline]
    fn max_pool(self, pool: MaxPool<'_>) {
        reference::max_pool(pool);
    }

    #[inline]
    fn max_pool_backward(self, backward: MaxPoolBackward<'_>) {
        reference::max_pool_backward(backward);
    }
}
