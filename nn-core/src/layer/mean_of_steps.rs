//! Mean over the steps: `y[f] = (1/L) Σₜ x[t][f]`, shapes `[L, F] -> [F]`.
//!
//! Given `dy`: `dx[t] = dy / L`. Backward needs nothing.

use core::marker::PhantomData;

use super::frame::no_parameters;
use crate::{Layer, Pass, Plain, Scalar, Simd, Store};

/// The mean of `L` steps of `F` features, `[L, F] -> [F]`: what `GlobalAvgPool` is behind recurrent layers.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct MeanOfSteps<const L: usize, const F: usize, T = f32>(PhantomData<T>);

// SAFETY: no bytes at all.
#[allow(unsafe_code, reason = "an empty struct is plain")]
unsafe impl<const L: usize, const F: usize, T: Scalar> Plain for MeanOfSteps<L, F, T> {}

impl<const L: usize, const F: usize, T: Scalar> Layer for MeanOfSteps<L, F, T> {
    type Scalar = T;
    type Input = [[T; F]; L];
    type Output = [T; F];
    type Tape<S: Store> = ();

    no_parameters!(MeanOfSteps);

    #[inline]
    fn infer<S: Simd, St: Store>(&self, _: S, x: &[[[T; F]; L]], y: &mut [[T; F]], (): &mut ()) {
        let n = T::from_f64(L as f64);
        for (x, y) in x.iter().zip(y) {
            let mut sums = [T::ZERO; F];
            for x in x {
                for f in 0..F {
                    sums[f] += x[f];
                }
            }
            *y = sums.map(|sum| sum / n);
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
        let n = T::from_f64(L as f64);
        for (dx, dy) in dx.iter_mut().zip(dy) {
            // forward: y[f] += x[t][f] / L
            dx.fill(dy.map(|dy| dy / n));
        }
    }
}
