//! `Residual { main: { … }, skip: { … } }`: `y = main(x) + skip(x)`; without `skip`, `y = main(x) + x` (He, Zhang, Ren, Sun 2016).
//!
//! Given `dy`: both branches get it, and their gradients by `x` are added.

use crate::Tensor;

/// `y += x`, number by number; the sum of `Residual`.
#[inline]
pub fn add<X: Tensor>(y: &mut [X], x: &[X]) {
    for (y, x) in X::flatten_mut(y).iter_mut().zip(X::flatten(x)) {
        *y += *x;
    }
}

/// `y = a + b`, number by number.
#[inline]
pub fn sum<X: Tensor>(y: &mut [X], a: &[X], b: &[X]) {
    for ((y, a), b) in X::flatten_mut(y).iter_mut().zip(X::flatten(a)).zip(X::flatten(b)) {
        *y = *a + *b;
    }
}

/// `y = x`, number by number.
#[inline]
pub fn copy<X: Tensor>(y: &mut [X], x: &[X]) {
    for (y, x) in X::flatten_mut(y).iter_mut().zip(X::flatten(x)) {
        *y = *x;
    }
}
