//! Convolutions with max-pooling behind them, product by product: what the fast kernels are held to. Portable layers run one after the other.

use crate::kernel::{ConvolutionSizes, ConvolveBackward, ConvolvePool};

/// Calls `visit(w, x)` for each product of output `o` at a place, with where its operands lie.
fn products(s: &ConvolutionSizes, o: usize, [oy, ox]: [usize; 2], mut visit: impl FnMut(usize, usize)) {
    let ([h, w], [kh, kw]) = (s.inputs_along, s.kernel);
    for g in 0..s.inputs {
        let c = o / s.outputs * s.inputs + g;
        for ky in 0..kh {
            let iy = (oy * s.stride[0] + ky * s.dilation[0]).wrapping_sub(s.before[0]);
            for kx in 0..kw {
                let ix = (ox * s.stride[1] + kx * s.dilation[1]).wrapping_sub(s.before[1]);
                if iy < h && ix < w {
                    visit(((o * s.inputs + g) * kh + ky) * kw + kx, (c * h + iy) * w + ix);
                }
            }
        }
    }
}

/// Calls `visit(n, o, window)` for each window of each output of each sample, with where the window begins.
fn windows(s: &ConvolutionSizes, samples: usize, mut visit: impl FnMut(usize, usize, [usize; 2])) {
    for n in 0..samples {
        for o in 0..s.groups * s.outputs {
            for oy in 0..s.outputs_along[0] / 2 {
                for ox in 0..s.outputs_along[1] / 2 {
                    visit(n, o, [2 * oy, 2 * ox]);
                }
            }
        }
    }
}

/// See [`ConvolvePool`].
#[allow(clippy::eq_op, reason = "only NaN differs from itself")]
pub fn convolve_pool(f: &mut ConvolvePool<'_>) {
    let &mut ConvolvePool { sizes, samples, x, w, bias, ref mut y, ref mut positions } = f;
    let input = sizes.groups * sizes.inputs * sizes.inputs_along[0] * sizes.inputs_along[1];
    let (mut y, mut positions) = (y.iter_mut(), positions.iter_mut().flat_map(|positions| positions.iter_mut()));
    windows(&sizes, samples, |n, o, [oy, ox]| {
        let (mut largest, mut at) = (f32::NEG_INFINITY, 0);
        for position in 0..4_u8 {
            let mut z = bias.get(o).copied().unwrap_or(0.0);
            products(&sizes, o, [oy + usize::from(position / 2), ox + usize::from(position % 2)], |i, j| {
                if let (Some(w), Some(x)) = (w.get(i), x.get(n * input + j)) {
                    z += w * x;
                }
            });
            if z > largest || z != z {
                (largest, at) = (z, position);
            }
        }
        if let Some(y) = y.next() {
            *y = largest;
        }
        if let Some(position) = positions.next() {
            *position = at;
        }
    });
}

/// See [`ConvolveBackward`], with positions.
pub(super) fn backward(f: &mut ConvolveBackward<'_>) {
    let &mut ConvolveBackward { sizes, samples, x, x_row: _, w, dy, dy_row: _, positions, ref mut dx, ref mut gradient } = f;
    let input = sizes.groups * sizes.inputs * sizes.inputs_along[0] * sizes.inputs_along[1];
    if let Some(dx) = dx {
        dx.fill(0.0);
    }
    let mut each = dy.iter().zip(positions.unwrap_or(&[]));
    windows(&sizes, samples, |n, o, [oy, ox]| {
        let Some((dy, position)) = each.next() else { return };
        let place = [oy + usize::from(position / 2), ox + usize::from(position % 2)];
        if let Some(db) = gradient.as_mut().and_then(|gradient| gradient.db.get_mut(o)) {
            *db += dy;
        }
        products(&sizes, o, place, |i, j| {
            // forward: y += w * x
            if let (Some(dw), Some(x)) = (gradient.as_mut().and_then(|gradient| gradient.dw.get_mut(i)), x.get(n * input + j)) {
                *dw += dy * x;
            }
            if let (Some(dx), Some(w)) = (dx.as_mut().and_then(|dx| dx.get_mut(n * input + j)), w.get(i)) {
                *dx += dy * w;
            }
        });
    });
}
