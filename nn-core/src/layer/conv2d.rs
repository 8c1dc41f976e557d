//! Convolution over height and width, shapes `[C, H, W] -> [O, OH, OW]`:
//! `y[o][oy][ox] = b[o] + Σ_g Σ_ky Σ_kx w[o][g][ky][kx] · x[c][oy·s − p + ky·d][ox·s − p + kx·d]` (cross-correlation, as PyTorch's `Conv2d`),
//! with stride `s`, padding `p` (zeros), dilation `d` for each axis; `c` runs over the input channels of `o`'s group.
//!
//! Given `dy`: `dw[o][g][ky][kx] = Σ_oy Σ_ox dy[o][oy][ox] · x[c][…][…]`, `db[o] = Σ dy[o]`, and `dx` gathers `w · dy` over all outputs that
//! read an input. Backward needs the input `x`.

use core::marker::PhantomData;
use core::mem::offset_of;

use super::conv::Convolution;
use super::window::{Plane, Window2d};
use crate::init::{Fan, Initializer};
use crate::random::Stream;
use crate::spec::Entry;
use crate::{Layer, Learns, Pass, Plain, Real, Scalar, Shape, Simd, Spec, Store};

/// 2-D convolution, `[C, H, W] -> [O, OH, OW]`; `weight` is `[out][in / groups][KH][KW]`, as PyTorch's `Conv2d` has it.
///
/// `Win` holds stride, padding and dilation; `G` is the number of input channels of a group (`C`: one group); `B` is the number of biases:
/// `O`, or 0 for `bias = false`. Sizes that do not fit each other do not compile.
#[repr(C)]
pub struct Conv2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const O: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win = Window2d,
    T = f32,
    const G: usize = C,
    const B: usize = O,
> {
    /// `[out][in / groups][KH][KW]`.
    pub weight: [[[[T; KW]; KH]; G]; O],
    /// `[out]`; empty with `bias = false`.
    pub bias: [T; B],
    window: PhantomData<Win>,
}

// SAFETY: `repr(C)`, arrays of one scalar and a marker without size: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<
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
> Plain for Conv2d<C, H, W, O, OH, OW, KH, KW, Win, T, G, B>
{
}

/// The sizes as the shared arithmetic wants them.
type Sizes<
    const C: usize,
    const H: usize,
    const W: usize,
    const O: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win,
    T,
    const G: usize,
> = Convolution<C, H, W, O, OH, OW, KH, KW, <Win as Plane>::Rows, <Win as Plane>::Columns, T, G>;

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
> Layer for Conv2d<C, H, W, O, OH, OW, KH, KW, Win, T, G, B>
{
    type Scalar = T;
    type Input = [[[T; W]; H]; C];
    type Output = [[[T; OW]; OH]; O];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = Self;
    type Tape<S: Store> = ();
    type Workspace<S: Store> = ();

    const PARAMETERS: usize = O * G * KH * KW + B;
    const MACS: usize = Sizes::<C, H, W, O, OH, OW, KH, KW, Win, T, G>::MACS;
    const REPLACES: bool = true;
    const SPEC: &'static Spec = &Spec {
        name: "Conv2d",
        entries: Entry::weight_and_bias(&[
            Entry::parameter::<T>("weight", offset_of!(Self, weight), Shape::new(&[O, G, KH, KW])),
            Entry::parameter::<T>("bias", offset_of!(Self, bias), Shape::new(&[B])),
        ]),
        rows: &[],
    };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
        const { assert!(B == O || B == 0, "one bias an output, or none") };
        Sizes::<C, H, W, O, OH, OW, KH, KW, Win, T, G>::forward(s, &self.weight, &self.bias, x, y);
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
        let gradient = pass.start(gradient).map(|gradient| (&mut gradient.weight[..], &mut gradient.bias[..]));
        Sizes::<C, H, W, O, OH, OW, KH, KW, Win, T, G>::backward(s, &self.weight, x, dy, dx, gradient);
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
        Sizes::<C, H, W, O, OH, OW, KH, KW, Win, T, G>::descend(s, &mut self.weight, &mut self.bias, x, dy, dx, rate);
    }

    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
        let fan = Fan { fan_in: G * KH * KW, fan_out: O * KH * KW, rows: O };
        initializer.fill(self.weight.as_flattened_mut().as_flattened_mut().as_flattened_mut(), fan, random);
        self.bias.fill(T::ZERO);
    }
}
