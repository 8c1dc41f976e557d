//! Convolution over a sequence, shapes `[C, L] -> [O, OL]`:
//! `y[o][t] = b[o] + Σ_g Σ_k w[o][g][k] · x[c][t·s − p + k·d]` (cross-correlation, as PyTorch's `Conv1d`), with stride `s`, padding `p`
//! (zeros), dilation `d`; `c` runs over the input channels of `o`'s group. Padding on the left alone makes it causal.
//!
//! Given `dy`: `dw[o][g][k] = Σ_t dy[o][t] · x[c][t·s − p + k·d]`, `db[o] = Σ dy[o]`, and `dx` gathers `w · dy` over all outputs that read an
//! input. Backward needs the input `x`. The arithmetic is that of a 2-D convolution with a single row.

use core::marker::PhantomData;
use core::mem::offset_of;

use super::conv::Convolution;
use super::window::{Axis, Window1d};
use crate::init::{Fan, Initializer};
use crate::random::Stream;
use crate::spec::Entry;
use crate::{Layer, Learns, Pass, Plain, Real, Scalar, Shape, Simd, Spec, Store, plain};

/// 1-D convolution, `[C, L] -> [O, OL]`; `weight` is `[out][in / groups][K]`, as PyTorch's `Conv1d` has it.
///
/// `W` holds stride, padding and dilation; `G` is the number of input channels of a group (`C`: one group); `B` is the number of biases:
/// `O`, or 0 for `bias = false`. Sizes that do not fit each other do not compile.
#[repr(C)]
pub struct Conv1d<
    const C: usize,
    const L: usize,
    const O: usize,
    const OL: usize,
    const K: usize,
    W = Window1d,
    T = f32,
    const G: usize = C,
    const B: usize = O,
> {
    /// `[out][in / groups][K]`.
    pub weight: [[[T; K]; G]; O],
    /// `[out]`; empty with `bias = false`.
    pub bias: [T; B],
    window: PhantomData<W>,
}

// SAFETY: `repr(C)`, arrays of one scalar and a marker without size: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<
    const C: usize,
    const L: usize,
    const O: usize,
    const OL: usize,
    const K: usize,
    W: Axis,
    T: Scalar,
    const G: usize,
    const B: usize,
> Plain for Conv1d<C, L, O, OL, K, W, T, G, B>
{
}

/// The sizes as the shared arithmetic wants them: one row.
type Sizes<const C: usize, const L: usize, const O: usize, const OL: usize, const K: usize, W, T, const G: usize> =
    Convolution<C, 1, L, O, 1, OL, 1, K, Window1d, W, T, G>;

/// The same values with an axis of one row put in.
#[inline]
fn rows<T: Scalar, const C: usize, const L: usize>(x: &[[[T; L]; C]]) -> &[[[[T; L]; 1]; C]] {
    plain::reshape(x)
}

/// As [`rows`], to be written.
#[inline]
fn rows_mut<T: Scalar, const C: usize, const L: usize>(x: &mut [[[T; L]; C]]) -> &mut [[[[T; L]; 1]; C]] {
    plain::reshape_mut(x)
}

impl<const C: usize, const L: usize, const O: usize, const OL: usize, const K: usize, W: Axis, T: Scalar, const G: usize, const B: usize>
    Layer for Conv1d<C, L, O, OL, K, W, T, G, B>
{
    type Scalar = T;
    type Input = [[T; L]; C];
    type Output = [[T; OL]; O];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = Self;
    type Tape<S: Store> = ();
    type Workspace<S: Store> = ();

    const PARAMETERS: usize = O * G * K + B;
    const MACS: usize = Sizes::<C, L, O, OL, K, W, T, G>::MACS;
    const REPLACES: bool = true;
    const SPEC: &'static Spec = &Spec {
        name: "Conv1d",
        entries: Entry::weight_and_bias(&[
            Entry::parameter::<T>("weight", offset_of!(Self, weight), Shape::new(&[O, G, K])),
            Entry::parameter::<T>("bias", offset_of!(Self, bias), Shape::new(&[B])),
        ]),
        rows: &[],
    };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
        const { assert!(B == O || B == 0, "one bias an output, or none") };
        Sizes::<C, L, O, OL, K, W, T, G>::forward(s, rows(&self.weight), &self.bias, rows(x), rows_mut(y));
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
        self.infer::<S, St>(s, x, y, &mut ());
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[Self::Input],
        _: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        (): &mut (),
        gradient: Option<&mut Self>,
    ) {
        let gradient = pass.start(gradient).map(|gradient| (&mut rows_mut(&mut gradient.weight)[..], &mut gradient.bias[..]));
        Sizes::<C, L, O, OL, K, W, T, G>::backward(s, rows(&self.weight), rows(x), rows(dy), dx.map(rows_mut), gradient);
    }

    #[inline]
    fn descend<S: Simd, St: Store>(
        &mut self,
        s: S,
        _: Pass<'_>,
        x: &[Self::Input],
        _: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        (): &mut (),
        rate: T,
    ) {
        Sizes::<C, L, O, OL, K, W, T, G>::descend(s, rows_mut(&mut self.weight), &mut self.bias, rows(x), rows(dy), dx.map(rows_mut), rate);
    }

    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
        let fan = Fan { fan_in: G * K, fan_out: O * K, rows: O };
        initializer.fill(self.weight.as_flattened_mut().as_flattened_mut(), fan, random);
        self.bias.fill(T::ZERO);
    }
}
