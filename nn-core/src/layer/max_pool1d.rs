//! The largest value of each window, shapes `[C, L] -> [C, OL]`: `y[c][t] = max over k of x[c][t·s − p + k·d]`, with stride `s`,
//! padding `p` (−∞, so that it never wins) and dilation `d`; PyTorch's `MaxPool1d`: the first of equal values wins, and NaN wins over all.
//!
//! Given `dy`: `dx` receives `dy` where the maximum was, summed where windows overlap, and 0 elsewhere. Backward needs only the position of
//! each maximum in its window, which is kept in a byte: a window has at most 256 elements.

use core::marker::PhantomData;

use super::pool::Pool;
use super::window::{Axis, Window1d};
use crate::init::Initializer;
use crate::random::Stream;
use crate::{Buffer, Layer, Learns, Pass, Plain, Real, Scalar, Simd, Spec, Store, plain};

/// Max-pooling, `[C, L] -> [C, OL]`; `W` holds stride, padding and dilation. At most 256 elements a window.
///
/// It has no parameters and no size; sizes that do not fit each other do not compile.
#[repr(C)]
pub struct MaxPool1d<const C: usize, const L: usize, const OL: usize, const K: usize, W = Window1d<K>, T = f32>(
    PhantomData<([(); C], [(); L], [(); OL], [(); K], W, T)>,
);

// SAFETY: a marker without size.
#[allow(unsafe_code, reason = "plain storage of nothing")]
unsafe impl<const C: usize, const L: usize, const OL: usize, const K: usize, W: Axis, T: Scalar> Plain for MaxPool1d<C, L, OL, K, W, T> {}

/// The sizes as the shared arithmetic wants them: one row.
type Sizes<const C: usize, const L: usize, const OL: usize, const K: usize, W, T> = Pool<C, 1, L, 1, OL, 1, K, Window1d, W, T>;

impl<const C: usize, const L: usize, const OL: usize, const K: usize, W: Axis, T: Scalar> Layer for MaxPool1d<C, L, OL, K, W, T> {
    type Scalar = T;
    type Input = [[T; L]; C];
    type Output = [[T; OL]; C];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = ();
    type Tape<S: Store> = S::Of<[[u8; OL]; C]>;
    type Workspace<S: Store> = ();

    const PARAMETERS: usize = 0;
    const MACS: usize = 0;
    const SPEC: &'static Spec = &Spec { name: "MaxPool1d", entries: &[], rows: &[] };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
        Sizes::<C, L, OL, K, W, T>::max(s, plain::reshape(x), plain::reshape_mut(y));
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], tape: &mut Self::Tape<St>) {
        let positions = tape.batch_mut(x.len());
        Sizes::<C, L, OL, K, W, T>::max_with_positions(s, plain::reshape(x), plain::reshape_mut(y), plain::reshape_mut(positions));
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        s: S,
        _: Pass<'_>,
        _: &[Self::Input],
        _: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        tape: &mut Self::Tape<St>,
        _: Option<&mut ()>,
    ) {
        if let Some(dx) = dx {
            Sizes::<C, L, OL, K, W, T>::max_backward(s, plain::reshape(tape.batch(dy.len())), plain::reshape(dy), plain::reshape_mut(dx));
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
