//! Dense layers, and products of matrices.

use super::{fours, times};
use crate::kernel::{Dots, Product, SumRows};

/// See [`Dots`]; the order of `layer::sums::dots`.
#[inline(always)]
pub fn dots(d: &mut Dots<'_>) {
    let &mut Dots { samples, inputs, outputs, x, w, bias, ref mut y, link } = d;
    if x.len() < times(samples, inputs)
        || w.len() < times(outputs, inputs)
        || y.len() < times(samples, outputs)
        || (bias.len() < outputs && !bias.is_empty())
    {
        return;
    }
    let bias = if bias.is_empty() { core::ptr::null() } else { bias.as_ptr() };
    for n in 0..samples {
        // SAFETY: sample `n` of as many as the slices hold.
        unsafe { dots_of_sample(x.as_ptr().add(n * inputs), y.as_mut_ptr().add(n * outputs), w.as_ptr(), bias, inputs, outputs) }
    }
    if link.relu {
        for y in y.iter_mut().take(times(samples, outputs)) {
            if 0.0 > *y {
                *y = 0.0;
            }
        }
    }
}

/// SAFETY: `x` has `inputs` numbers, `y` and `bias` (if any) have `outputs`, `w` has their product.
#[inline(never)]
unsafe fn dots_of_sample(x: *const f32, mut y: *mut f32, mut w: *const f32, mut bias: *const f32, inputs: usize, outputs: usize) {
    for _ in 0..outputs {
        // SAFETY: `at` runs over the inputs, `w` over all weights, `bias` and `y` over the outputs.
        unsafe {
            let (mut sum, mut at) = fours::dot(inputs / 4, &mut w, x);
            for _ in 0..inputs % 4 {
                sum += *w * *at;
                at = at.add(1);
                w = w.add(1);
            }
            if !bias.is_null() {
                sum += *bias;
                bias = bias.add(1);
            }
            *y = sum;
            y = y.add(1);
        }
    }
}

/// See [`Product`]; every sum from its first term to its last.
#[inline(always)]
pub fn product(p: &mut Product<'_>) {
    let &mut Product { m, n, k, a, a_row, a_column, b, b_row, ref mut c, c_row, accumulate } = p;
    if m == 0 || n == 0 || c.len() < times(m - 1, c_row).saturating_add(n) {
        return;
    }
    // Sums of nothing are zeros, and read nothing.
    let last_of_a = times(m - 1, a_row).saturating_add(times(k.saturating_sub(1), a_column));
    if k > 0 && (a.len() <= last_of_a || b.len() < times(k - 1, b_row).saturating_add(n)) {
        return;
    }
    for i in 0..m {
        // SAFETY: row `i` of as many as the slices hold.
        unsafe {
            let a = a.as_ptr().wrapping_add(i * a_row); // beyond the end where `k` is 0
            product_row(c.as_mut_ptr().add(i * c_row), n, a, a_column, b.as_ptr(), b_row, k, accumulate);
        }
    }
}

/// SAFETY: `c` has `n` numbers, `a` has `k` of them `a_column` apart, `b` has `k` rows of `n`, `b_row` apart.
#[inline(never)]
#[allow(clippy::too_many_arguments, reason = "a row of a product of matrices")]
unsafe fn product_row(c: *mut f32, n: usize, a: *const f32, a_column: usize, b: *const f32, b_row: usize, k: usize, accumulate: bool) {
    for j in 0..n {
        // SAFETY: as above.
        unsafe {
            let mut sum = if accumulate { *c.add(j) } else { 0.0 };
            for k in 0..k {
                sum += *a.add(k * a_column) * *b.add(k * b_row + j);
            }
            *c.add(j) = sum;
        }
    }
}

/// See [`SumRows`].
#[inline(always)]
pub fn sum_rows(f: &mut SumRows<'_>) {
    for (j, sum) in f.sums.iter_mut().take(f.columns).enumerate() {
        let rows = (0..f.rows).filter_map(|i| f.x.get(i * f.columns + j));
        *sum = rows.fold(if f.accumulate { *sum } else { 0.0 }, |sum, x| sum + x);
    }
}

/// The gradients of a dense layer for a batch: `dw += Σ dyᵀ x` and `db += Σ dy`, where they are asked for, and `dx = dy w`.
#[inline(always)]
pub fn dense_backward(
    x: &[f32],
    dy: &[f32],
    w: &[f32],
    dx: Option<&mut [f32]>,
    gradient: Option<(&mut [f32], &mut [f32])>,
    sizes: [usize; 3],
) {
    let [samples, inputs, outputs] = sizes;
    if x.len() < times(samples, inputs) || dy.len() < times(samples, outputs) || w.len() < times(inputs, outputs) {
        return;
    }
    let mut dx = dx.filter(|dx| dx.len() >= times(samples, inputs));
    let mut gradient = gradient.filter(|(dw, _)| dw.len() >= times(inputs, outputs));
    for n in 0..samples {
        // SAFETY: sample `n` of as many as the slices hold; of `w` nothing is written.
        unsafe {
            let (x, dy) = (x.as_ptr().add(n * inputs), dy.as_ptr().add(n * outputs));
            if let Some(dx) = &mut dx {
                input_gradient(dx.as_mut_ptr().add(n * inputs), w.as_ptr(), dy, inputs, outputs);
            }
            if let Some((dw, db)) = &mut gradient {
                weight_gradient(dw.as_mut_ptr(), x, dy, 1.0, inputs, outputs);
                add_scaled(db.as_mut_ptr(), dy, 1.0, outputs.min(db.len()));
            }
        }
    }
}

/// A step where the weights lie, for one sample: `dx = dy w`, where it is asked for, then `w −= rate dyᵀ x`, `b −= rate dy`.
#[inline(always)]
pub fn dense_descend(x: &[f32], dy: &[f32], w: &mut [f32], b: &mut [f32], dx: Option<&mut [f32]>, rate: f32) {
    let (inputs, outputs) = (x.len(), dy.len());
    if w.len() < times(inputs, outputs) {
        return;
    }
    // SAFETY: the lengths are compared.
    unsafe {
        if let Some(dx) = dx.filter(|dx| dx.len() >= inputs) {
            input_gradient(dx.as_mut_ptr(), w.as_ptr(), dy.as_ptr(), inputs, outputs);
        }
        weight_gradient(w.as_mut_ptr(), x.as_ptr(), dy.as_ptr(), -rate, inputs, outputs);
        add_scaled(b.as_mut_ptr(), dy.as_ptr(), -rate, outputs.min(b.len()));
    }
}

/// `dx = dy w`, row after row.
///
/// SAFETY: `dx` has `inputs` numbers, `dy` has `outputs`, `w` has their product.
#[inline(never)]
unsafe fn input_gradient(dx: *mut f32, mut w: *const f32, dy: *const f32, inputs: usize, outputs: usize) {
    // SAFETY: as above.
    unsafe {
        for i in 0..inputs {
            *dx.add(i) = 0.0;
        }
        for o in 0..outputs {
            add_scaled(dx, w, *dy.add(o), inputs);
            w = w.add(inputs);
        }
    }
}

/// `w += scale dyᵀ x`, row after row.
///
/// SAFETY: `x` has `inputs` numbers, `dy` has `outputs`, `w` has their product.
#[inline(never)]
unsafe fn weight_gradient(mut w: *mut f32, x: *const f32, dy: *const f32, scale: f32, inputs: usize, outputs: usize) {
    for o in 0..outputs {
        // SAFETY: as above.
        unsafe {
            w = add_scaled(w, x, scale * *dy.add(o), inputs);
        }
    }
}

/// `y += a x`; returns where `y` ends, so that who goes on there need not remember where it began.
///
/// SAFETY: both have `n` numbers.
#[inline(never)]
pub(super) unsafe fn add_scaled(y: *mut f32, x: *const f32, a: f32, n: usize) -> *mut f32 {
    // SAFETY: as above.
    unsafe {
        let (mut y, mut x) = fours::add_scaled(n / 4, y, x, a);
        for _ in 0..n % 4 {
            *y += a * *x;
            (y, x) = (y.add(1), x.add(1));
        }
        y
    }
}
