//! Fully connected: `y[o] = b[o] + Σᵢ w[o][i] x[i]`, shapes `[I] -> [O]`.
//!
//! Given `dy`: `dw[o][i] = dy[o] x[i]`, `db[o] = dy[o]`, `dx[i] = Σₒ w[o][i] dy[o]`. Backward needs the input `x`.

use core::mem::offset_of;

use crate::init::{Fan, Initializer};
use crate::random::Stream;
use crate::spec::Entry;
use crate::{Layer, Learns, Pass, Plain, Real, Scalar, Shape, Simd, Spec, Store};

/// Fully connected layer: `y = W x + b`; `weight` is `[out][in]`, as PyTorch's `Linear` has it.
///
/// `B` is the number of biases: `O`, or 0 for `bias = false`.
#[repr(C)]
pub struct Dense<const I: usize, const O: usize, T = f32, const B: usize = O> {
    /// `[out][in]`.
    pub weight: [[T; I]; O],
    /// `[out]`; empty with `bias = false`.
    pub bias: [T; B],
}

// SAFETY: `repr(C)` and arrays of one scalar: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<const I: usize, const O: usize, T: Scalar, const B: usize> Plain for Dense<I, O, T, B> {}

impl<const I: usize, const O: usize, T: Scalar, const B: usize> Layer for Dense<I, O, T, B> {
    type Scalar = T;
    type Input = [T; I];
    type Output = [T; O];
    type Kind = Real;
    type Learning = Learns;
    type Gradient = Self;
    type Tape<S: Store> = ();
    type Workspace<S: Store> = ();

    const PARAMETERS: usize = I * O + B;
    const MACS: usize = I * O;
    const SPEC: &'static Spec = &Spec {
        name: "Dense",
        entries: Entry::weight_and_bias(&[
            Entry::parameter::<T>("weight", offset_of!(Self, weight), Shape::new(&[O, I])),
            Entry::parameter::<T>("bias", offset_of!(Self, bias), Shape::new(&[B])),
        ]),
        rows: &[],
    };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, _: S, x: &[[T; I]], y: &mut [[T; O]], (): &mut ()) {
        for (x, y) in x.iter().zip(y) {
            for o in 0..O {
                let mut z = self.bias.get(o).copied().unwrap_or(T::ZERO);
                for i in 0..I {
                    z += self.weight[o][i] * x[i];
                }
                y[o] = z;
            }
        }
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[[T; I]], y: &mut [[T; O]], tape: &mut ()) {
        self.infer::<S, St>(s, x, y, tape);
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        _: S,
        _: Pass<'_>,
        x: &[[T; I]],
        _: &[[T; O]],
        dy: &mut [[T; O]],
        dx: Option<&mut [[T; I]]>,
        (): &mut (),
        gradient: Option<&mut Self>,
    ) {
        if let Some(gradient) = gradient {
            for (x, dy) in x.iter().zip(&*dy) {
                for o in 0..O {
                    // forward: y[o] += w[o][i] * x[i]
                    for i in 0..I {
                        gradient.weight[o][i] += dy[o] * x[i];
                    }
                    if let Some(db) = gradient.bias.get_mut(o) {
                        *db += dy[o];
                    }
                }
            }
        }
        if let Some(dx) = dx {
            for (dx, dy) in dx.iter_mut().zip(&*dy) {
                *dx = [T::ZERO; I];
                for o in 0..O {
                    for i in 0..I {
                        dx[i] += dy[o] * self.weight[o][i];
                    }
                }
            }
        }
    }

    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
        initializer.fill(self.weight.as_flattened_mut(), Fan { fan_in: I, fan_out: O, rows: O }, random);
        self.bias.fill(T::ZERO);
    }
}
