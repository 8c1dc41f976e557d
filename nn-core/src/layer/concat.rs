//! `Concat { a: { … }, b: { … } }`: the branches' outputs for the same `x`, one after another along the first axis (channels).
//!
//! Given `dy`: each branch gets its part, and the branches' gradients by `x` are added.

use crate::Tensor;

/// Writes a branch's output `x` into every sample of `y`, from number `at` on; the join of `Concat`.
#[inline]
pub fn gather<Y: Tensor, X: Tensor<Scalar = Y::Scalar>>(y: &mut [Y], at: usize, x: &[X]) {
    for (y, x) in y.iter_mut().zip(x) {
        for (y, x) in y.flat_mut().iter_mut().skip(at).zip(x.flat()) {
            *y = *x;
        }
    }
}

/// Reads a branch's gradient `dx` from every sample of `dy`, from number `at` on; [`gather`] in reverse.
#[inline]
pub fn scatter<Y: Tensor, X: Tensor<Scalar = Y::Scalar>>(dy: &[Y], at: usize, dx: &mut [X]) {
    for (dy, dx) in dy.iter().zip(dx) {
        for (dx, dy) in dx.flat_mut().iter_mut().zip(dy.flat().iter().skip(at)) {
            *dx = *dy;
        }
    }
}
