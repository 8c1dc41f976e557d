//! A 2-D convolution and, directly behind it, max-pooling over windows of 2 × 2 that lie side by side.
//!
//! Fast kernels take the largest of each window while its four sums are in registers, so that what lies between the two layers is never
//! written. Its memory then holds what the pool would have made of it, *packed*: the pool's outputs of the whole batch, and behind them, where
//! a backward pass will follow, a byte for each that says where its maximum was. On the way back it holds the same of the gradient. The pool
//! takes its part from there. Whoever does not pack (portable and compact kernels, which are the reference, other windows and scalars)
//! runs the one layer and then the other.
//!
//! Generated code calls these methods on both layers of such a pair, in the same pass, and the plain ones everywhere else.
//!
//! # What it gains, and what is left
//!
//! Written out and read again, what lies between the two took a tenth of LeNet-5's time. The macro's plan marks such pairs. Its values,
//! their lives and places stay what they are, and no layer but these two needs to know how another one's memory is laid out.
//!
//! A kernel of both layers without the memory between them would save a microcontroller 13 of LeNet-5's 17 KB of inference. It needs
//! loops of its own for portable and compact kernels, so that is still to be done.

use super::conv::Convolution;
use super::rows::{flat, flat_mut};
use super::window::Plane;
use super::{Conv2d, MaxPool2d};
use crate::kernel::{ConvolutionGradient, ConvolveBackward, ConvolvePool};
use crate::{Buffer, Layer, Pass, Scalar, Simd, Store, plain};

/// Samples from which the way back is worth being packed: fewer are computed sample by sample.
const FEW: usize = 4;

/// A max-pool, as the convolution before it knows it.
pub trait Pooling {
    /// Whether its windows are 2 × 2 and lie side by side, of numbers that have kernels.
    const SIDE_BY_SIDE: bool;
}

/// Whether the two are computed as one.
const fn packs<S: Simd, P: Pooling>() -> bool {
    S::FAST && !S::COMPACT && P::SIDE_BY_SIDE
}

/// The memory between the layers as so many numbers and as many bytes.
fn pack<T: Scalar>(between: &mut [T], len: usize) -> (&mut [T], &mut [u8]) {
    let (numbers, rest) = between.split_at_mut_checked(len).unwrap_or_default();
    let bytes = plain::packed_mut::<T, [u8; 4]>(rest).as_flattened_mut();
    (numbers, bytes.get_mut(..len).unwrap_or_default())
}

/// As [`pack`], to be read.
fn packed<T: Scalar>(between: &[T], len: usize) -> (&[T], &[u8]) {
    let (numbers, rest) = between.split_at_checked(len).unwrap_or_default();
    let bytes = plain::packed::<T, [u8; 4]>(rest).as_flattened();
    (numbers, bytes.get(..len).unwrap_or_default())
}

impl<
    const C: usize,
    const H: usize,
    const W: usize,
    const O: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win: Plane,
    T: Scalar,
    const G: usize,
    const B: usize,
> Conv2d<C, H, W, O, OH, OW, KH, KW, Win, T, G, B>
{
    /// Numbers of a sample behind the pool.
    const POOLED: usize = O * (OH / 2) * (OW / 2);

    /// As `infer`, before a pool's [`infer_packed`](MaxPool2d::infer_packed).
    #[doc(hidden)]
    #[inline]
    pub fn infer_packed<S: Simd, St: Store, P: Pooling>(&self, s: S, x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; O]], _: &P) {
        if const { packs::<S, P>() } {
            self.pool(s, x, y, false);
        } else {
            self.infer::<S, St>(s, x, y, &mut ());
        }
    }

    /// As `forward`, before a pool's [`forward_packed`](MaxPool2d::forward_packed).
    #[doc(hidden)]
    #[inline]
    pub fn forward_packed<S: Simd, St: Store, P: Pooling>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[[[[T; W]; H]; C]],
        y: &mut [[[[T; OW]; OH]; O]],
        _: &P,
    ) {
        if const { packs::<S, P>() } {
            self.pool(s, x, y, true);
        } else {
            self.forward::<S, St>(s, pass, x, y, &mut ());
        }
    }

    #[inline]
    fn pool<S: Simd>(&self, s: S, x: &[[[[T; W]; H]; C]], between: &mut [[[[T; OW]; OH]; O]], keeps_positions: bool) {
        const { assert!(B == O || B == 0, "one bias an output, or none") };
        let sizes = Convolution::<C, H, W, O, OH, OW, KH, KW, Win::Rows, Win::Columns, T, G>::SIZES;
        let (y, positions) = pack(flat_mut(between), x.len() * Self::POOLED);
        if let (Some(w), Some(bias), Some(flat_x), Some(y)) =
            (T::f32s(flat(&self.weight)), T::f32s(&self.bias), T::f32s(flat(x)), T::f32s_mut(y))
        {
            let positions = keeps_positions.then_some(positions);
            ConvolvePool { sizes, samples: x.len(), x: flat_x, w, bias, y, positions }.on(s.kernels());
        }
    }

    /// As `backward`, after a pool's [`backward_packed`](MaxPool2d::backward_packed).
    #[doc(hidden)]
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "as in `Layer::backward`")]
    pub fn backward_packed<S: Simd, St: Store, P: Pooling>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[[[[T; W]; H]; C]],
        dy: &mut [[[[T; OW]; OH]; O]],
        dx: Option<&mut [[[[T; W]; H]; C]]>,
        gradient: Option<&mut Self>,
        _: &P,
    ) {
        if const { !packs::<S, P>() } || dy.len() < FEW {
            return self.backward::<S, St>(s, pass, x, &[], dy, dx, &mut (), gradient);
        }
        let sizes = Convolution::<C, H, W, O, OH, OW, KH, KW, Win::Rows, Win::Columns, T, G>::SIZES;
        let (samples, dy_row) = (dy.len(), const { Self::POOLED });
        let (dy, positions) = packed(flat(dy), samples * dy_row);
        let gradient = pass.start(gradient).and_then(|Self { weight, bias, .. }| {
            let (dw, db) = (T::f32s_mut(flat_mut(weight))?, T::f32s_mut(bias)?);
            Some(ConvolutionGradient { dw, db })
        });
        let dx = dx.and_then(|dx| T::f32s_mut(flat_mut(dx)));
        if let (Some(w), Some(x), Some(dy)) = (T::f32s(flat(&self.weight)), T::f32s(flat(x)), T::f32s(dy)) {
            let (x_row, positions) = (const { C * H * W }, Some(positions));
            ConvolveBackward { sizes, samples, x, x_row, w, dy, dy_row, positions, dx, gradient }.on(s.kernels());
        }
    }
}

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
> Pooling for MaxPool2d<C, H, W, OH, OW, KH, KW, Win, T>
{
    const SIDE_BY_SIDE: bool = super::pool::Pool::<C, H, W, OH, OW, KH, KW, Win::Rows, Win::Columns, T>::SIDE_BY_SIDE;
}

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
> MaxPool2d<C, H, W, OH, OW, KH, KW, Win, T>
{
    /// As `infer`, after a convolution's [`infer_packed`](Conv2d::infer_packed).
    #[doc(hidden)]
    #[inline]
    pub fn infer_packed<S: Simd, St: Store>(&self, s: S, x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; C]]) {
        if const { packs::<S, Self>() } {
            let y = flat_mut(y);
            y.copy_from_slice(packed(flat(x), y.len()).0);
        } else {
            self.infer::<S, St>(s, x, y, &mut ());
        }
    }

    /// As `forward`, after a convolution's [`forward_packed`](Conv2d::forward_packed).
    #[doc(hidden)]
    #[inline]
    pub fn forward_packed<S: Simd, St: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[[[[T; W]; H]; C]],
        y: &mut [[[[T; OW]; OH]; C]],
        tape: &mut St::Of<[[[u8; OW]; OH]; C]>,
    ) {
        if const { packs::<S, Self>() } {
            let (to, y) = (tape.batch_mut(x.len()), flat_mut(y));
            let (from, positions) = packed(flat(x), y.len());
            y.copy_from_slice(from);
            flat_mut(to).copy_from_slice(positions);
        } else {
            self.forward::<S, St>(s, pass, x, y, tape);
        }
    }

    /// As `backward`, before a convolution's [`backward_packed`](Conv2d::backward_packed).
    #[doc(hidden)]
    #[inline]
    pub fn backward_packed<S: Simd, St: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        dy: &mut [[[[T; OW]; OH]; C]],
        dx: Option<&mut [[[[T; W]; H]; C]]>,
        tape: &mut St::Of<[[[u8; OW]; OH]; C]>,
    ) {
        if const { !packs::<S, Self>() } || dy.len() < FEW {
            self.backward::<S, St>(s, pass, &[], &[], dy, dx, tape, None);
        } else if let Some(dx) = dx {
            let from = tape.batch(dy.len());
            let dy = flat(dy);
            let (to, positions) = pack(flat_mut(dx), dy.len());
            to.copy_from_slice(dy);
            positions.copy_from_slice(flat(from));
        }
    }
}
