//! Mean of each channel: `y[c] = (1/n) Σₚ x[c][p]` over the `n` positions `p` of the channel, shapes `[C, …] -> [C]`.
//!
//! Given `dy`: `dx[c][p] = dy[c] / n`. Backward needs nothing.

use core::marker::PhantomData;

use super::frame::no_parameters;
use super::sums::sum;
use crate::{Layer, Pass, Plain, Scalar, Simd, Store, Tensor};

/// The mean of each channel, `[C, …] -> [C]`: `P` is one channel, `[[f32; W]; H]` or `[f32; L]`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct GlobalAvgPool<const C: usize, P>(PhantomData<P>);

// SAFETY: no bytes at all.
#[allow(unsafe_code, reason = "an empty struct is plain")]
unsafe impl<const C: usize, P: Tensor> Plain for GlobalAvgPool<C, P> {}

impl<const C: usize, P: Tensor> Layer for GlobalAvgPool<C, P> {
    type Scalar = P::Scalar;
    type Input = [P; C];
    type Output = [P::Scalar; C];
    type Tape<B: Store> = ();

    no_parameters!(GlobalAvgPool);

    #[inline]
    fn infer<S: Simd, B: Store>(&self, s: S, x: &[[P; C]], y: &mut [[P::Scalar; C]], (): &mut ()) {
        s.vectorize(
            #[inline(always)]
            || {
                let n = P::Scalar::from_f64(P::LEN as f64);
                for (x, y) in x.iter().zip(y) {
                    for (x, y) in x.iter().zip(y) {
                        *y = sum(x.flat(), |x| *x) / n;
                    }
                }
            },
        );
    }

    #[inline]
    fn forward<S: Simd, B: Store>(&self, s: S, _: Pass<'_>, x: &[[P; C]], y: &mut [[P::Scalar; C]], tape: &mut ()) {
        self.infer::<S, B>(s, x, y, tape);
    }

    #[inline]
    fn backward<S: Simd, B: Store>(
        &self,
        _: S,
        _: Pass<'_>,
        _: &[[P; C]],
        _: &[[P::Scalar; C]],
        dy: &mut [[P::Scalar; C]],
        dx: Option<&mut [[P; C]]>,
        (): &mut (),
        _: Option<&mut ()>,
    ) {
        let Some(dx) = dx else { return };
        let n = P::Scalar::from_f64(P::LEN as f64);
        for (dx, dy) in dx.iter_mut().zip(dy) {
            for (dx, dy) in dx.iter_mut().zip(dy) {
                // forward: y[c] += x[c][p] / n
                dx.flat_mut().fill(*dy / n);
            }
        }
    }
}
