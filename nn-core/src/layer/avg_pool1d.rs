//! The mean of each window, shapes `[C, L] -> [C, OL]`: `y[c][t] = 1/(K) Σ over k of x[c][t·s − p + k·d]`, with stride `s`, padding `p`
//! (zeros, which count in the mean) and dilation `d`; PyTorch's `AvgPool1d` with its default `count_include_pad = True`.
//!
//! Given `dy`: `dx` is the sum of `dy / (K)` over the windows that hold the input. Backward needs nothing of forward.

use core::marker::PhantomData;

use super::pool::Pool;
use super::window::{Axis, Window1d};
use crate::init::Initializer;
use crate::random::Stream;
use crate::{Layer, Learns, Pass, Plain, Real, Scalar, Simd, Spec, Store, plain};

/// Average-pooling, `[C, L] -> [C, OL]`; `W` holds stride, padding and dilation.
///
/// It has no parameters and no size; sizes that do not fit each other do not compile.
#[repr(C)]
pub struct AvgPool1d<const C: usize, const L: usize, const OL: usize, const K: usize, W = Window1d<K>, T = f32>(
    PhantomData<([(); C], [(); L], [(); OL], [(); K], W, T)>,
);

// SAFETY: a marker without size.
#[allow(unsafe_code, reason = "plain storage of nothing")]
unsafe impl<const C: usize, const L: usize, const OL: usize, const K: usize, W: Axis, T: Scalar> Plain for AvgPool1d<C, L, OL, K, W, T> {}

/// The sizes as the shared arithmetic wants them: one row.
type Sizes<const C: usize, const L: usize, const OL: usize, const K: usize, W, T> = Pool<C, 1, L, 1, OL, 1, K, Window1d, W, T>;

impl<const C: usize, const L: usize, const OL: usize, const K: usize, W: Axis, T: Scalar> Layer for AvgPool1d<C, L, OL, K, W, T> {
    type Scalar = T;
    type Input = [[T; L]; C];
    type Output = [[T; OL]; C];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = ();
    type Tape<S: Store> = ();
    type Workspace<S: Store> = ();

    const PARAMETERS: usize = 0;
    const MACS: usize = 0;
    const SPEC: &'static Spec = &Spec { name: "AvgPool1d", entries: &[], rows: &[] };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, _: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
        Sizes::<C, L, OL, K, W, T>::average(plain::reshape(x), plain::reshape_mut(y));
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
        self.infer::<S, St>(s, x, y, &mut ());
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        _: S,
        _: Pass<'_>,
        _: &[Self::Input],
        _: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        (): &mut (),
        _: Option<&mut ()>,
    ) {
        if let Some(dx) = dx {
            Sizes::<C, L, OL, K, W, T>::average_backward(plain::reshape(dy), plain::reshape_mut(dx));
        }
    }

    #[inline]
    fn descend<S: Simd, St: Store>(
        &mut self,
        s: S,
        pass: Pass<'_>,
        x: &[Self::Input],
        y: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        tape: &mut Self::Tape<St>,
        _: T,
    ) {
        self.backward::<S, St>(s, pass, x, y, dy, dx, tape, None);
    }

    fn initialize(&mut self, _: &impl Initializer, _: &mut Stream) {}
}
