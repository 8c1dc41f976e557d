//! Rows to columns: `y[n][m] = x[m][n]`, shapes `[M, N] -> [N, M]`: between channels over time, which convolutions read, and steps of features,
//! which recurrent layers read.
//!
//! Given `dy`: `dx[m][n] = dy[n][m]`. Backward needs nothing.

use core::marker::PhantomData;

use super::frame::no_parameters;
use crate::{Layer, Pass, Plain, Scalar, Simd, Store};

/// Rows to columns, `[M, N] -> [N, M]`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Transpose<const M: usize, const N: usize, T = f32>(PhantomData<T>);

// SAFETY: no bytes at all.
#[allow(unsafe_code, reason = "an empty struct is plain")]
unsafe impl<const M: usize, const N: usize, T: Scalar> Plain for Transpose<M, N, T> {}

#[inline(always)] // compiled for the caller's instruction set
fn transpose<T: Scalar, const M: usize, const N: usize>(x: &[[[T; N]; M]], y: &mut [[[T; M]; N]]) {
    for (x, y) in x.iter().zip(y) {
        for m in 0..M {
            for n in 0..N {
                y[n][m] = x[m][n];
            }
        }
    }
}

impl<const M: usize, const N: usize, T: Scalar> Layer for Transpose<M, N, T> {
    type Scalar = T;
    type Input = [[T; N]; M];
    type Output = [[T; M]; N];
    type Tape<S: Store> = ();

    no_parameters!(Transpose);

    #[inline]
    fn infer<S: Simd, St: Store>(&self, s: S, x: &[[[T; N]; M]], y: &mut [[[T; M]; N]], (): &mut ()) {
        s.vectorize(
            #[inline(always)]
            || transpose(x, y),
        );
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[[[T; N]; M]], y: &mut [[[T; M]; N]], (): &mut ()) {
        self.infer::<S, St>(s, x, y, &mut ());
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        s: S,
        _: Pass<'_>,
        _: &[[[T; N]; M]],
        _: &[[[T; M]; N]],
        dy: &mut [[[T; M]; N]],
        dx: Option<&mut [[[T; N]; M]]>,
        (): &mut (),
        _: Option<&mut ()>,
    ) {
        let Some(dx) = dx else { return };
        s.vectorize(
            #[inline(always)]
            || transpose(dy, dx),
        );
    }
}
