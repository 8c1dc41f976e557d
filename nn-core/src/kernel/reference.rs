//! The plainest form of every kernel.
#![allow(clippy::needless_pass_by_value, reason = "a kernel's argument holds the only borrow of its output")]

use super::{Dots, Product};

/// See [`Product`].
pub(crate) fn product(p: Product<'_>) {
    for i in 0..p.m {
        for j in 0..p.n {
            let mut sum = 0.0;
            for k in 0..p.k {
                let (a, b) = (p.a.get(i * p.a_row + k * p.a_column), p.b.get(k * p.b_row + j));
                sum += a.copied().unwrap_or(0.0) * b.copied().unwrap_or(0.0);
            }
            if let Some(c) = p.c.get_mut(i * p.c_row + j) {
                *c = if p.accumulate { *c + sum } else { sum };
            }
        }
    }
}

/// See [`Dots`].
pub(crate) fn dots(d: Dots<'_>) {
    for n in 0..d.samples {
        for o in 0..d.outputs {
            let mut sum = d.bias.get(o).copied().unwrap_or(0.0);
            for i in 0..d.inputs {
                let (x, w) = (d.x.get(n * d.inputs + i), d.w.get(o * d.inputs + i));
                sum += x.copied().unwrap_or(0.0) * w.copied().unwrap_or(0.0);
            }
            if let Some(y) = d.y.get_mut(n * d.outputs + o) {
                *y = sum;
            }
        }
    }
}
