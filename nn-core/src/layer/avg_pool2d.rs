//! The mean of each window, shapes `[C, H, W] -> [C, OH, OW]`: `y[c][oy][ox] = 1/(KH · KW) Σ over ky, kx of x[c][oy·s − p + ky·d][ox·s − p + kx·d]`, with stride `s`, padding `p`
//! (zeros, which count in the mean) and dilation `d`; PyTorch's `AvgPool2d` with its default `count_include_pad = True`.
//!
//! Given `dy`: `dx` is the sum of `dy / (KH · KW)` over the windows that hold the input. Backward needs nothing of forward.

use core::marker::PhantomData;

use super::pool::Pool;
use super::window::{Plane, Window2d};
use crate::init::Initializer;
use crate::random::Stream;
use crate::{Layer, Learns, Pass, Plain, Real, Scalar, Simd, Spec, Store};

/// Average-pooling, `[C, H, W] -> [C, OH, OW]`; `Win` holds stride, padding and dilation.
///
/// It has no parameters and no size; sizes that do not fit each other do not compile.
#[repr(C)]
pub struct AvgPool2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win = Window2d<KH, KW>,
    T = f32,
>(PhantomData<(Win, T)>);

// SAFETY: a marker without size.
#[allow(unsafe_code, reason = "plain storage of nothing")]
unsafe impl<
    const C: usize,
    const H: usize,
    const W: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win: Plane,
    T: Scalar,
> Plain for AvgPool2d<C, H, W, OH, OW, KH, KW, Win, T>
{
}

/// The sizes as the shared arithmetic wants them.
type Sizes<const C: usize, const H: usize, const W: usize, const OH: usize, const OW: usize, const KH: usize, const KW: usize, Win, T> =
    Pool<C, H, W, OH, OW, KH, KW, <Win as Plane>::Rows, <Win as Plane>::Columns, T>;

impl<
    const C: usize,
    const H: usize,
    const W: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win: Plane,
    T: Scalar,
> Layer for AvgPool2d<C, H, W, OH, OW, KH, KW, Win, T>
{
    type Scalar = T;
    type Input = [[[T; W]; H]; C];
    type Output = [[[T; OW]; OH]; C];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = ();
    type Tape<S: Store> = ();
    type Workspace<S: Store> = ();

    const PARAMETERS: usize = 0;
    const MACS: usize = 0;
    const SPEC: &'static Spec = &Spec { name: "AvgPool2d", entries: &[], rows: &[] };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, _: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
        Sizes::<C, H, W, OH, OW, KH, KW, Win, T>::average(x, y);
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
            Sizes::<C, H, W, OH, OW, KH, KW, Win, T>::average_backward(dy, dx);
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
