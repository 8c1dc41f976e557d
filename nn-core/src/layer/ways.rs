//! By which way a dense layer is computed. The loops beside the formula, in [`dense`](super::dense), are the reference; other ways take their
//! place while compiling:
//!
//! - **small**: loops of a known length that the compiler unrolls, for the caller's instruction set; for layers that are over sooner than a call.
//! - **kernels**: products of matrices, compiled in nn-kernels for each instruction set; they may know of the layers before and behind
//!   (see [`chained`](super::chained)).
//! - **rolled**: one loop for all layers, in the order of sums of the reference, where flash is scarcer than time, or where the processor
//!   runs it faster than unrolled loops.

use super::Dense;
use crate::kernel::{Dots, Link, Product, SumRows, compact};
use crate::{Pass, Scalar, Simd};

impl<const I: usize, const O: usize, T: Scalar, const B: usize> Dense<I, O, T, B> {
    /// Whether a small layer is computed where it stands.
    const fn is_small<S: Simd>() -> bool {
        S::INLINE && I * O <= 64
    }

    /// Whether steps take rolled loops.
    const fn is_rolled<S: Simd>() -> bool {
        (S::COMPACT || compact::IS_FASTEST) && T::HAS_KERNELS
    }

    /// Whether `infer` takes another way than the reference's loops.
    pub(super) const fn infers_faster<S: Simd>() -> bool {
        S::FAST && Self::is_small::<S>() || (S::FAST || compact::IS_FASTEST) && T::HAS_KERNELS
    }

    /// Whether `backward` does.
    pub(super) const fn learns_faster<S: Simd>() -> bool {
        Self::is_rolled::<S>() || S::FAST && T::HAS_KERNELS && !Self::is_small::<S>()
    }

    /// Whether `descend` does.
    pub(super) const fn descends_faster<S: Simd>() -> bool {
        Self::is_rolled::<S>()
    }

    /// As `infer`.
    #[inline(always)]
    pub(super) fn infer_faster<S: Simd>(&self, s: S, x: &[[T; I]], y: &mut [[T; O]]) {
        if const { S::FAST && Self::is_small::<S>() } {
            self.infer_small(x, y);
        } else {
            self.infer_linked(s, x, y, Link::NONE);
        }
    }

    /// As `backward`.
    #[inline]
    pub(super) fn backward_faster<S: Simd>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[[T; I]],
        dy: &[[T; O]],
        dx: Option<&mut [[T; I]]>,
        gradient: Option<&mut Self>,
    ) {
        if const { !Self::is_rolled::<S>() } {
            return self.backward_by_products(s, pass, x, dy, dx, gradient);
        }
        let samples = dy.len();
        if let (Some(x), Some(dy), Some(w)) = (T::f32s(x.as_flattened()), T::f32s(dy.as_flattened()), T::f32s(self.weight.as_flattened())) {
            let dx = dx.and_then(|dx| T::f32s_mut(dx.as_flattened_mut()));
            let gradient = pass
                .start(gradient)
                .and_then(|Self { weight: dw, bias: db }| Some((T::f32s_mut(dw.as_flattened_mut())?, T::f32s_mut(db)?)));
            compact::dense_backward(x, dy, w, dx, gradient, [samples, I, O]);
        }
    }

    /// As `descend`, of one sample.
    #[inline]
    pub(super) fn descend_faster(&mut self, x: &[T; I], dy: &[T; O], dx: Option<&mut [T; I]>, rate: T) {
        if let (Some(x), Some(dy), Some([rate])) = (T::f32s(x), T::f32s(dy), T::f32s(&[rate]))
            && let (Some(w), Some(b)) = (T::f32s_mut(self.weight.as_flattened_mut()), T::f32s_mut(&mut self.bias))
        {
            compact::dense_descend(x, dy, w, b, dx.and_then(|dx| T::f32s_mut(dx)), *rate);
        }
    }

    /// The outputs lie side by side: for many samples the weights are transposed once.
    #[inline(always)]
    fn infer_small(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        let mut transposed = [[T::ZERO; O]; I];
        for o in 0..O {
            for i in 0..I {
                transposed[i][o] = self.weight[o][i];
            }
        }
        let mut bias = [T::ZERO; O];
        for (to, from) in bias.iter_mut().zip(&self.bias) {
            *to = *from;
        }
        for (x, y) in x.iter().zip(y) {
            let mut sums = bias;
            for i in 0..I {
                for o in 0..O {
                    sums[o] += transposed[i][o] * x[i];
                }
            }
            *y = sums;
            if const { O >= 8 } {
                // The outputs of a sample fill a register: without this, the compiler puts sixteen samples into lanes and takes longer to
                // sort them out again than to compute them.
                core::hint::black_box(());
            }
        }
    }

    /// As `infer`, by kernels, which know of the layers before and behind; for `f32`.
    #[inline(always)]
    pub(super) fn infer_linked<S: Simd>(&self, s: S, x: &[[T; I]], y: &mut [[T; O]], link: Link) {
        let samples = x.len();
        if let (Some(x), Some(w), Some(bias)) = (T::f32s(x.as_flattened()), T::f32s(self.weight.as_flattened()), T::f32s(&self.bias))
            && let Some(y) = T::f32s_mut(y.as_flattened_mut())
        {
            Dots { samples, inputs: I, outputs: O, x, w, bias, y, link }.on(s.kernels());
        }
    }

    /// `dW += dYᵀ X`, `db += Σ dY` and `dX = dY W` as products of matrices; for `f32`.
    #[inline]
    fn backward_by_products<S: Simd>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[[T; I]],
        dy: &[[T; O]],
        dx: Option<&mut [[T; I]]>,
        gradient: Option<&mut Self>,
    ) {
        let samples = x.len();
        let Some(flat_dy) = T::f32s(dy.as_flattened()) else { return };
        if let Some(gradient) = gradient
            && let (Some(x), Some(dw), Some(db)) =
                (T::f32s(x.as_flattened()), T::f32s_mut(gradient.weight.as_flattened_mut()), T::f32s_mut(&mut gradient.bias))
        {
            let accumulate = !pass.replaces();
            Product { m: O, n: I, k: samples, a: flat_dy, a_row: 1, a_column: O, b: x, b_row: I, c: dw, c_row: I, accumulate }
                .on(s.kernels());
            if const { B > 0 } {
                SumRows { rows: samples, columns: O, x: flat_dy, sums: db, accumulate }.on(s.kernels());
            }
        }
        if let Some(dx) = dx
            && let (Some(w), Some(dx)) = (T::f32s(self.weight.as_flattened()), T::f32s_mut(dx.as_flattened_mut()))
        {
            Product { m: samples, n: I, k: O, a: flat_dy, a_row: O, a_column: 1, b: w, b_row: I, c: dx, c_row: I, accumulate: false }
                .on(s.kernels());
        }
    }
}
