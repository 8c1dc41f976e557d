//! One direction of one recurrent layer: its parameters, its steps and their gradients.
//!
//! Numbers of all samples at one step lie side by side, so that a batch's step is one product of matrices. Single samples and the portable
//! loops go through the weights row by row.

use core::array;

use super::{Cell, units};
use crate::init::{Fan, Initializer};
use crate::kernel::{Dots, Link, Product, compact};
use crate::layer::sums::{ROWS, add_scaled, dots};
use crate::random::Stream;
use crate::{Plain, Scalar, Simd};

/// The parameters of one direction of one layer; rows of a matrix are gates times units, as PyTorch stacks them.
#[repr(C)]
pub struct Weights<const I: usize, const H: usize, const G: usize, const B: usize, T = f32> {
    /// Of the input, `[gates · units][inputs]`.
    pub weight_ih: [[[T; I]; H]; G],
    /// Of the hidden state, `[gates · units][units]`.
    pub weight_hh: [[[T; H]; H]; G],
    /// `[gates · units]`; empty with `bias = false`.
    pub bias_ih: [[T; H]; B],
    /// `[gates · units]`; empty with `bias = false`.
    pub bias_hh: [[T; H]; B],
}

// SAFETY: `repr(C)` and arrays of one scalar: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<const I: usize, const H: usize, const G: usize, const B: usize, T: Scalar> Plain for Weights<I, H, G, B, T> {}

/// Transposed weights for batches: `[I][G][H]` and `[H][G][H]`.
pub(super) struct Transposed<'a, T, const H: usize, const G: usize> {
    pub ih: &'a mut [[[T; H]; G]],
    pub hh: &'a mut [[[T; H]; G]],
}

/// All samples of one step: what is kept of it, and the state before it, then after it.
pub(super) struct Now<'a, T, const H: usize, const K: usize, const V: usize> {
    pub gates: &'a mut [[[T; H]; K]],
    pub state: &'a mut [[[T; H]; V]],
}

impl<const I: usize, const H: usize, const G: usize, const B: usize, T: Scalar> Weights<I, H, G, B, T> {
    /// Learned numbers.
    pub(super) const PARAMETERS: usize = G * H * (I + H) + 2 * B * H;
    /// Multiply-adds of one sample's step.
    pub(super) const MACS: usize = G * H * (I + H);

    /// Whether a batch of `n` samples goes by products of matrices.
    #[inline(always)]
    pub(super) fn by_products<S: Simd>(n: usize) -> bool {
        n > 1 && const { S::FAST && !S::COMPACT && T::HAS_KERNELS }
    }

    /// Before the steps of a batch that goes by products.
    pub(super) fn transpose(&self, to: &mut Transposed<'_, T, H, G>) {
        for g in 0..G {
            for u in 0..H {
                for (to, w) in to.ih.iter_mut().zip(&self.weight_ih[g][u]) {
                    to[g][u] = *w;
                }
                for (to, w) in to.hh.iter_mut().zip(&self.weight_hh[g][u]) {
                    to[g][u] = *w;
                }
            }
        }
    }

    /// Step `t` of all samples: from their inputs and the state to what is kept and the next state. At the `start` the state is 0.
    #[inline]
    pub(super) fn step<C: Cell<K, V>, S: Simd, const L: usize, const K: usize, const V: usize>(
        &self,
        s: S,
        (x, t, is_start): (&[[[T; I]; L]], usize, bool),
        Now { gates, state }: Now<'_, T, H, K, V>,
        sums: &mut [[[T; H]; G]],
        transposed: &Transposed<'_, T, H, G>,
    ) {
        const { assert!(G + 1 == K || G == K, "a number for each gate, and at most one more") };
        if Self::by_products::<S>(x.len()) {
            self.step_of_batch::<C, S, L, K, V>(s, (x, t, is_start), Now { gates, state }, transposed);
            return;
        }
        let Some(sums) = sums.first_mut() else { return };
        for ((x, kept), state) in x.iter().zip(gates).zip(state) {
            let Some(x) = x.get(t) else { return };
            affine(s, self.weight_ih.as_flattened(), self.bias_ih.as_flattened(), x, sums.as_flattened_mut());
            for (g, sums) in sums.iter().enumerate() {
                if let Some(kept) = kept.get_mut(Self::input_slot(K, g)) {
                    *kept = *sums;
                }
            }
            affine(s, self.weight_hh.as_flattened(), self.bias_hh.as_flattened(), &state[0], sums.as_flattened_mut());
            for (g, (kept, sums)) in kept.iter_mut().zip(&*sums).enumerate() {
                // The last gate's two shares lie apart where there is room.
                let apart = g + 1 == G && G < K;
                for (kept, sum) in kept.iter_mut().zip(sums) {
                    *kept = if apart { *sum } else { *kept + *sum };
                }
            }
            units::step::<C, T, H, K, V>(kept, state);
        }
    }

    /// As [`Weights::step`], by products of matrices.
    fn step_of_batch<C: Cell<K, V>, S: Simd, const L: usize, const K: usize, const V: usize>(
        &self,
        s: S,
        (x, t, is_start): (&[[[T; I]; L]], usize, bool),
        Now { gates, state }: Now<'_, T, H, K, V>,
        transposed: &Transposed<'_, T, H, G>,
    ) {
        let mut start = [[T::ZERO; H]; K];
        for g in 0..B {
            for u in 0..H {
                start[Self::input_slot(K, g)][u] += self.bias_ih[g][u];
                start[g][u] += self.bias_hh[g][u];
            }
        }
        gates.fill(start);
        let m = x.len();
        let (Some(x), Some(ih), Some(hh)) = (
            T::f32s(x.as_flattened().as_flattened()),
            T::f32s(transposed.ih.as_flattened().as_flattened()),
            T::f32s(transposed.hh.as_flattened().as_flattened()),
        ) else {
            return;
        };
        let (Some(kept), Some(state)) =
            (T::f32s_mut(gates.as_flattened_mut().as_flattened_mut()), T::f32s_mut(state.as_flattened_mut().as_flattened_mut()))
        else {
            return;
        };
        // The columns of the input's sums: those of the last gate lie apart where there is room.
        for (column, at, n) in Self::columns(K) {
            let (a, b, c) = (&x[t * I..], &ih[column.min(ih.len())..], &mut kept[at..]);
            Product { m, n, k: I, a, a_row: L * I, a_column: 1, b, b_row: G * H, c, c_row: K * H, accumulate: true }.on(s.kernels());
        }
        if !is_start {
            let (a_row, b_row, c_row) = (V * H, G * H, K * H);
            Product { m, n: G * H, k: H, a: state, a_row, a_column: 1, b: hh, b_row, c: kept, c_row, accumulate: true }.on(s.kernels());
        }
        units::steps::<C, K, V>(s.kernels(), H, kept, state);
    }

    /// Which of the `kept` numbers the input's share of gate `g` is.
    const fn input_slot(kept: usize, g: usize) -> usize {
        if g + 1 == G { kept - 1 } else { g }
    }

    /// The input's shares of the gates: their first column, where they lie among the `kept` numbers, and how many they are.
    const fn columns(kept: usize) -> [(usize, usize, usize); 2] {
        if kept == G { [(0, 0, G * H), (G * H, 0, 0)] } else { [(0, 0, (G - 1) * H), ((G - 1) * H, (kept - 1) * H, H)] }
    }

    /// The gradients of one step of all samples: `d` is that of the state after it, and then that of the state before it. What is kept
    /// becomes the gradients of the gates' sums.
    #[inline]
    pub(super) fn back<C: Cell<K, V>, S: Simd, const K: usize, const V: usize>(
        &self,
        s: S,
        kept: &mut [[[T; H]; K]],
        before: &[[[T; H]; V]],
        after: &[[[T; H]; V]],
        d: &mut [[[T; H]; V]],
    ) {
        if Self::by_products::<S>(kept.len()) {
            let m = kept.len();
            let (Some(kept), Some(d)) =
                (T::f32s_mut(kept.as_flattened_mut().as_flattened_mut()), T::f32s_mut(d.as_flattened_mut().as_flattened_mut()))
            else {
                return;
            };
            let (Some(was), Some(after)) = (T::f32s(before.as_flattened().as_flattened()), T::f32s(after.as_flattened().as_flattened()))
            else {
                return;
            };
            units::backs::<C, K, V>(s.kernels(), H, kept, was, after, d);
            if !before.is_empty()
                && let Some(b) = T::f32s(self.weight_hh.as_flattened().as_flattened())
            {
                let (a_row, c_row) = (K * H, V * H);
                Product { m, n: H, k: G * H, a: kept, a_row, a_column: 1, b, b_row: H, c: d, c_row, accumulate: true }.on(s.kernels());
            }
            return;
        }
        for (i, ((kept, after), d)) in kept.iter_mut().zip(after).zip(d).enumerate() {
            let before = before.get(i);
            units::back::<C, T, H, K, V>(kept, before, after, d);
            if before.is_some() {
                for (kept, w) in kept.iter().zip(&self.weight_hh) {
                    if let Some(dh) = d.first_mut() {
                        // forward: sum[g] += U[g] h
                        add_products(dh, kept, w);
                    }
                }
            }
        }
    }

    /// `dx`, the input's gradient of all steps, replaced or added to; `kept` holds the gradients of the gates' sums, step by step.
    pub(super) fn input_gradient<S: Simd, const L: usize, const K: usize>(
        &self,
        s: S,
        kept: &[[[T; H]; K]],
        dx: &mut [[[T; I]; L]],
        accumulate: bool,
    ) {
        let m = dx.len();
        if Self::by_products::<S>(m) {
            let (Some(kept), Some(w)) =
                (T::f32s(kept.as_flattened().as_flattened()), T::f32s(self.weight_ih.as_flattened().as_flattened()))
            else {
                return;
            };
            let Some(dx) = T::f32s_mut(dx.as_flattened_mut().as_flattened_mut()) else { return };
            for (t, kept) in kept.chunks_exact((m * K * H).max(1)).enumerate() {
                for (row, at, k) in Self::columns(K) {
                    if k > 0 {
                        let (a, b, c) = (&kept[at..], &w[row * I..], &mut dx[t * I..]);
                        let accumulate = accumulate || row > 0;
                        Product { m, n: I, k, a, a_row: K * H, a_column: 1, b, b_row: I, c, c_row: L * I, accumulate }.on(s.kernels());
                    }
                }
            }
            return;
        }
        for (i, dx) in dx.iter_mut().enumerate() {
            for (t, dx) in dx.iter_mut().enumerate() {
                if !accumulate {
                    dx.fill(T::ZERO);
                }
                for (g, w) in self.weight_ih.iter().enumerate() {
                    if let Some(da) = kept.get(t * m + i).and_then(|kept| kept.get(Self::input_slot(K, g))) {
                        // forward: sum[g] += W[g] x
                        add_products(dx, da, w);
                    }
                }
            }
        }
    }

    /// Adds `factor` times the parameters' gradients to `self`, which is a gradient, or the parameters themselves; `kept` and `states` are
    /// those of all steps, and `is_reverse` says from which end these were read.
    pub(super) fn add<S: Simd, const L: usize, const K: usize, const V: usize>(
        &mut self,
        s: S,
        factor: T,
        x: &[[[T; I]; L]],
        kept: &[[[T; H]; K]],
        states: &[[[T; H]; V]],
        is_reverse: bool,
    ) {
        let n = x.len();
        if Self::by_products::<S>(n) && factor == T::ONE {
            self.add_by_products(s, x, kept, states, is_reverse);
            return;
        }
        for (i, x) in x.iter().enumerate() {
            let (da, state) = (|t: usize, k: usize| kept.get(t * n + i)?.get(k), |t: usize| states.get(t * n + i)?.first());
            for (g, w) in self.weight_ih.iter_mut().enumerate() {
                for (t, x) in x.iter().enumerate() {
                    // forward: sum[g] += W[g] x
                    add_outer(w, factor, da(t, Self::input_slot(K, g)), Some(x));
                }
            }
            for (g, w) in self.weight_hh.iter_mut().enumerate() {
                for t in 1..L {
                    // The state before a step belongs to the step before it, on the side from which the steps were read.
                    let (step, before) = if is_reverse { (t - 1, t) } else { (t, t - 1) };
                    // forward: sum[g] += U[g] h
                    add_outer(w, factor, da(step, g), state(before));
                }
            }
            for (g, (b, c)) in self.bias_ih.iter_mut().zip(&mut self.bias_hh).enumerate() {
                for t in 0..L {
                    if let (Some(of_input), Some(of_state)) = (da(t, Self::input_slot(K, g)), da(t, g)) {
                        // forward: sum[g] += b[g] + c[g]
                        add_scaled(b, [factor], [of_input]);
                        add_scaled(c, [factor], [of_state]);
                    }
                }
            }
        }
    }

    fn add_by_products<S: Simd, const L: usize, const K: usize, const V: usize>(
        &mut self,
        s: S,
        x: &[[[T; I]; L]],
        kept: &[[[T; H]; K]],
        states: &[[[T; H]; V]],
        is_reverse: bool,
    ) {
        let n = x.len();
        for kept in kept {
            for g in 0..B {
                add_scaled(&mut self.bias_ih[g], [T::ONE], [&kept[if g + 1 == G { K - 1 } else { g }]]);
                add_scaled(&mut self.bias_hh[g], [T::ONE], [&kept[g]]);
            }
        }
        let (Some(x), Some(kept), Some(states)) = (
            T::f32s(x.as_flattened().as_flattened()),
            T::f32s(kept.as_flattened().as_flattened()),
            T::f32s(states.as_flattened().as_flattened()),
        ) else {
            return;
        };
        let (Some(ih), Some(hh)) = (
            T::f32s_mut(self.weight_ih.as_flattened_mut().as_flattened_mut()),
            T::f32s_mut(self.weight_hh.as_flattened_mut().as_flattened_mut()),
        ) else {
            return;
        };
        let a_column = K * H;
        for (t, kept) in kept.chunks_exact(n * K * H).enumerate() {
            for (row, at, m) in Self::columns(K) {
                if m > 0 {
                    let (a, b, c) = (&kept[at..], &x[t * I..], &mut ih[row * I..]);
                    Product { m, n: I, k: n, a, a_row: 1, a_column, b, b_row: L * I, c, c_row: I, accumulate: true }.on(s.kernels());
                }
            }
        }
        // The state before a step belongs to the step before it, on the side from which the steps were read.
        let k = n * (L - 1);
        if k > 0 {
            let (a, b) = if is_reverse { (kept, &states[n * V * H..]) } else { (&kept[n * K * H..], states) };
            Product { m: G * H, n: H, k, a, a_row: 1, a_column, b, b_row: V * H, c: hh, c_row: H, accumulate: true }.on(s.kernels());
        }
    }

    /// Draws the parameters.
    pub(super) fn initialize<C: Cell<K, V>, const K: usize, const V: usize>(
        &mut self,
        initializer: &impl Initializer,
        random: &mut Stream,
    ) {
        for w in &mut self.weight_ih {
            initializer.fill(w.as_flattened_mut(), Fan { fan_in: I, fan_out: H, rows: H }, random);
        }
        for w in &mut self.weight_hh {
            initializer.fill(w.as_flattened_mut(), Fan { fan_in: H, fan_out: H, rows: H }, random);
        }
        for b in self.bias_ih.iter_mut().chain(&mut self.bias_hh) {
            C::draw_biases(b, Fan { fan_in: H, fan_out: H, rows: H }, initializer, random);
        }
        C::set_biases(&mut self.bias_ih, &mut self.bias_hh);
    }
}

/// `y[r] = b[r] + w[r] · x` of one sample.
#[inline]
fn affine<T: Scalar, S: Simd, const I: usize>(s: S, w: &[[T; I]], bias: &[T], x: &[T; I], y: &mut [T]) {
    if const { (S::FAST || compact::IS_FASTEST) && T::HAS_KERNELS } {
        let outputs = w.len();
        if let (Some(x), Some(w), Some(bias), Some(y)) = (T::f32s(x), T::f32s(w.as_flattened()), T::f32s(bias), T::f32s_mut(y)) {
            Dots { samples: 1, inputs: I, outputs, x, w, bias, y, link: Link::NONE }.on(s.kernels());
        }
        return;
    }
    let (some_w, last_w) = w.as_chunks::<ROWS>();
    let (some_y, last_y) = y.as_chunks_mut::<ROWS>();
    for (w, y) in some_w.iter().zip(some_y) {
        *y = dots(x, w.each_ref());
    }
    for (w, y) in last_w.iter().zip(last_y) {
        [*y] = dots(x, [w]);
    }
    for (y, b) in y.iter_mut().zip(bias) {
        *y += *b;
    }
}

/// `W += factor a xᵀ`.
#[inline]
fn add_outer<T: Scalar, const I: usize, const H: usize>(w: &mut [[T; I]; H], factor: T, a: Option<&[T; H]>, x: Option<&[T; I]>) {
    let (Some(a), Some(x)) = (a, x) else { return };
    for (w, a) in w.iter_mut().zip(a) {
        add_scaled(w, [factor * *a], [x]);
    }
}

/// `y += Wᵀ a`.
#[inline]
fn add_products<T: Scalar, const I: usize, const H: usize>(y: &mut [T; I], a: &[T; H], w: &[[T; I]; H]) {
    let (four_a, last_a) = a.as_chunks::<4>();
    let (four_w, last_w) = w.as_chunks::<4>();
    for (a, w) in four_a.iter().zip(four_w) {
        add_scaled(y, *a, w.each_ref());
    }
    for (a, w) in last_a.iter().zip(last_w) {
        add_scaled(y, *array::from_ref(a), [w]);
    }
}
