//! Fully connected: `y[o] = b[o] + Σᵢ w[o][i] x[i]`, shapes `[I] -> [O]`.
//!
//! Given `dy`: `dw[o][i] = dy[o] x[i]`, `db[o] = dy[o]`, `dx[i] = Σₒ w[o][i] dy[o]`. Backward needs the input `x`.

use core::array;
use core::mem::offset_of;

use super::sums::{ROWS, add_scaled, descend, dots};
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
    const REPLACES: bool = true;
    const SPEC: &'static Spec = &Spec {
        name: "Dense",
        entries: Entry::weight_and_bias(&[
            Entry::parameter::<T>("weight", offset_of!(Self, weight), Shape::new(&[O, I])),
            Entry::parameter::<T>("bias", offset_of!(Self, bias), Shape::new(&[B])),
        ]),
        rows: &[],
    };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, s: S, x: &[[T; I]], y: &mut [[T; O]], (): &mut ()) {
        const { assert!(B == O || B == 0, "one bias an output, or none") };
        if const { Self::infers_faster::<S>() } {
            return self.infer_faster(s, x, y);
        }
        // Some samples share a pass over the weights; for the last few, some outputs share a pass over the sample. The bits are the same.
        let (some_x, last_x) = x.as_chunks::<ROWS>();
        let (some_y, last_y) = y.as_chunks_mut::<ROWS>();
        for (x, y) in some_x.iter().zip(some_y) {
            let x = x.each_ref();
            for o in 0..O {
                let z = dots(&self.weight[o], x);
                for n in 0..ROWS {
                    y[n][o] = z[n];
                }
            }
        }
        let (some_w, last_w) = self.weight.as_chunks::<ROWS>();
        for (x, y) in last_x.iter().zip(last_y) {
            let (some_y, last_y) = y.as_chunks_mut::<ROWS>();
            for (w, y) in some_w.iter().zip(some_y) {
                *y = dots(x, w.each_ref());
            }
            for (w, y) in last_w.iter().zip(last_y) {
                [*y] = dots(x, [w]);
            }
        }
        for y in y {
            for (y, b) in y.iter_mut().zip(&self.bias) {
                *y += *b;
            }
        }
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[[T; I]], y: &mut [[T; O]], (): &mut ()) {
        self.infer::<S, St>(s, x, y, &mut ());
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[[T; I]],
        _: &[[T; O]],
        dy: &mut [[T; O]],
        dx: Option<&mut [[T; I]]>,
        (): &mut (),
        gradient: Option<&mut Self>,
    ) {
        if const { Self::learns_faster::<S>() } {
            return self.backward_faster(s, pass, x, dy, dx, gradient);
        }
        if let Some(Self { weight: dw, bias: db }) = pass.start(gradient) {
            // forward: y[o] += w[o][i] * x[i], y[o] += b[o]
            let (four_x, last_x) = x.as_chunks::<4>();
            let (four_dy, last_dy) = dy.as_chunks::<4>();
            for (x, dy) in four_x.iter().zip(four_dy) {
                for o in 0..O {
                    add_scaled(&mut dw[o], dy.each_ref().map(|dy| dy[o]), x.each_ref());
                }
            }
            for (x, dy) in last_x.iter().zip(last_dy) {
                for o in 0..O {
                    add_scaled(&mut dw[o], [dy[o]], [x]);
                }
            }
            for dy in &*dy {
                for (db, dy) in db.iter_mut().zip(dy) {
                    *db += *dy;
                }
            }
        }
        if let Some(dx) = dx {
            // forward: y[o] += w[o][i] * x[i]
            let (four_w, last_w) = self.weight.as_chunks::<4>();
            for (dx, dy) in dx.iter_mut().zip(&*dy) {
                dx.fill(T::ZERO);
                let (four_dy, last_dy) = dy.as_chunks::<4>();
                for (w, dy) in four_w.iter().zip(four_dy) {
                    add_scaled(dx, *dy, w.each_ref());
                }
                for (w, dy) in last_w.iter().zip(last_dy) {
                    add_scaled(dx, [*dy], [w]);
                }
            }
        }
    }

    #[inline]
    fn descend<S: Simd, St: Store>(
        &mut self,
        s: S,
        _: Pass<'_>,
        x: &[[T; I]],
        _: &[[T; O]],
        dy: &mut [[T; O]],
        dx: Option<&mut [[T; I]]>,
        (): &mut (),
        rate: T,
    ) {
        let ([x], [dy]) = (x, dy) else { return };
        let dx = dx.and_then(|dx| dx.first_mut());
        if const { Self::descends_faster::<S>() } {
            return self.descend_faster(x, dy, dx, rate);
        }
        s.vectorize(
            #[inline(always)]
            || {
                if let Some(dx) = dx {
                    dx.fill(T::ZERO);
                    let (four_w, last_w) = self.weight.as_chunks_mut::<4>();
                    let (four_dy, last_dy) = dy.as_chunks::<4>();
                    for (w, dy) in four_w.iter_mut().zip(four_dy) {
                        descend(w, *dy, rate, x, dx);
                    }
                    for (w, dy) in last_w.iter_mut().zip(last_dy) {
                        descend(array::from_mut(w), [*dy], rate, x, dx);
                    }
                } else {
                    for (w, dy) in self.weight.iter_mut().zip(&*dy) {
                        // forward: y[o] += w[o][i] * x[i]
                        add_scaled(w, [-(rate * *dy)], [x]);
                    }
                }
                for (b, dy) in self.bias.iter_mut().zip(dy) {
                    // forward: y[o] += b[o]
                    *b -= rate * *dy;
                }
            },
        );
    }

    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
        initializer.fill(self.weight.as_flattened_mut(), Fan { fan_in: I, fan_out: O, rows: O }, random);
        self.bias.fill(T::ZERO);
    }
}
