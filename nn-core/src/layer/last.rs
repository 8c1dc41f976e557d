//! The last step: `y[f] = x[L − 1][f]`, shapes `[L, F] -> [F]`.
//!
//! Given `dy`: `dx[L − 1] = dy`, and 0 for the steps before it. Backward needs nothing.

use core::marker::PhantomData;

use super::frame::no_parameters;
use crate::{Layer, Pass, Plain, Scalar, Simd, Store};

/// The last of `L` steps of `F` features, `[L, F] -> [F]`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Last<const L: usize, const F: usize, T = f32>(PhantomData<T>);

// SAFETY: no bytes at all.
#[allow(unsafe_code, reason = "an empty struct is plain")]
unsafe impl<const L: usize, const F: usize, T: Scalar> Plain for Last<L, F, T> {}

impl<const L: usize, const F: usize, T: Scalar> Layer for Last<L, F, T> {
    type Scalar = T;
    type Input = [[T; F]; L];
    type Output = [T; F];
    type Tape<S: Store> = ();

    no_parameters!(Last);

    #[inline]
    fn infer<S: Simd, St: Store>(&self, _: S, x: &[[[T; F]; L]], y: &mut [[T; F]], (): &mut ()) {
        for (x, y) in x.iter().zip(y) {
            if let Some(last) = x.last() {
                *y = *last;
            }
        }
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[[[T; F]; L]], y: &mut [[T; F]], (): &mut ()) {
        self.infer::<S, St>(s, x, y, &mut ());
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        _: S,
        _: Pass<'_>,
        _: &[[[T; F]; L]],
        _: &[[T; F]],
        dy: &mut [[T; F]],
        dx: Option<&mut [[[T; F]; L]]>,
        (): &mut (),
        _: Option<&mut ()>,
    ) {
        let Some(dx) = dx else { return };
        for (dx, dy) in dx.iter_mut().zip(dy) {
            dx.as_flattened_mut().fill(T::ZERO);
            if let Some(last) = dx.last_mut() {
                *last = *dy;
            }
        }
    }
}
