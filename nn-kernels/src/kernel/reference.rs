//! The plainest form of every kernel.

use super::{ConvolutionSizes, Convolve, ConvolveBackward, Dots, MaxPool, MaxPoolBackward, Product};

/// See [`Product`].
pub(crate) fn product(p: &mut Product<'_>) {
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
pub(crate) fn dots(d: &mut Dots<'_>) {
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

/// Calls `visit(y, w, x)` with the index of the output, the weight and the input of each product of one sample.
fn products(s: ConvolutionSizes, mut visit: impl FnMut(usize, usize, usize)) {
    let input = |axis: usize, output: usize, tap: usize| {
        (output * s.stride[axis] + tap * s.dilation[axis]).checked_sub(s.before[axis]).filter(|input| *input < s.inputs_along[axis])
    };
    let ([_, w], [oh, ow], [kh, kw]) = (s.inputs_along, s.outputs_along, s.kernel);
    for o in 0..s.groups * s.outputs {
        for g in 0..s.inputs {
            let c = o.checked_div(s.outputs).unwrap_or(0) * s.inputs + g;
            for (ky, oy) in (0..kh).flat_map(|ky| (0..oh).map(move |oy| (ky, oy))) {
                let Some(iy) = input(0, oy, ky) else { continue };
                for (kx, ox) in (0..kw).flat_map(|kx| (0..ow).map(move |ox| (kx, ox))) {
                    if let Some(ix) = input(1, ox, kx) {
                        visit((o * oh + oy) * ow + ox, ((o * s.inputs + g) * kh + ky) * kw + kx, (c * s.inputs_along[0] + iy) * w + ix);
                    }
                }
            }
        }
    }
}

/// Numbers of one sample's input, its output, and the output's channels.
fn lengths(s: ConvolutionSizes) -> [usize; 3] {
    let ([h, w], [oh, ow]) = (s.inputs_along, s.outputs_along);
    [s.groups * s.inputs * h * w, s.groups * s.outputs * oh * ow, oh * ow]
}

/// See [`Convolve`].
pub(crate) fn convolve(f: &mut Convolve<'_>) {
    let [input, output, places] = lengths(f.sizes);
    for n in 0..f.samples {
        let (Some(x), Some(y)) = (f.x.get(n * input..), f.y.get_mut(n * output..)) else { continue };
        for (o, y) in y.iter_mut().take(output).enumerate() {
            *y = o.checked_div(places).and_then(|o| f.bias.get(o)).copied().unwrap_or(0.0);
        }
        products(f.sizes, |o, k, i| {
            if let (Some(y), Some(w), Some(x)) = (y.get_mut(o), f.w.get(k), x.get(i)) {
                *y += w * x;
            }
        });
    }
}

/// See [`ConvolveBackward`].
pub(crate) fn convolve_backward(f: &mut ConvolveBackward<'_>) {
    let [input, output, places] = lengths(f.sizes);
    for n in 0..f.samples {
        let Some(dy) = f.dy.get(n * output..) else { continue };
        if let (Some(gradient), Some(x)) = (&mut f.gradient, f.x.get(n * input..)) {
            products(f.sizes, |o, k, i| {
                if let (Some(dw), Some(dy), Some(x)) = (gradient.dw.get_mut(k), dy.get(o), x.get(i)) {
                    *dw += dy * x;
                }
            });
            for (o, dy) in dy.iter().take(output).enumerate() {
                if let Some(db) = o.checked_div(places).and_then(|o| gradient.db.get_mut(o)) {
                    *db += dy;
                }
            }
        }
        if let Some(dx) = f.dx.as_mut().and_then(|dx| dx.get_mut(n * input..)) {
            for dx in dx.iter_mut().take(input) {
                *dx = 0.0;
            }
            products(f.sizes, |o, k, i| {
                if let (Some(dx), Some(w), Some(dy)) = (dx.get_mut(i), f.w.get(k), dy.get(o)) {
                    *dx += w * dy;
                }
            });
        }
    }
}

/// Calls `visit(output, inputs of its window)` for every window of 2 × 2.
fn windows(planes: usize, [h, w]: [usize; 2], mut visit: impl FnMut(usize, [usize; 4])) {
    for plane in 0..planes {
        for oy in 0..h / 2 {
            for ox in 0..w / 2 {
                let first = (plane * h + 2 * oy) * w + 2 * ox;
                visit((plane * (h / 2) + oy) * (w / 2) + ox, [first, first + 1, first + w, first + w + 1]);
            }
        }
    }
}

/// See [`MaxPool`].
pub(crate) fn max_pool(f: &mut MaxPool<'_>) {
    windows(f.planes, f.inputs_along, |output, window| {
        let (mut largest, mut at) = (f32::NEG_INFINITY, 0);
        for (position, x) in (0..).zip(window) {
            if let Some(x) = f.x.get(x).filter(|x| x.is_nan() || **x > largest) {
                (largest, at) = (*x, position);
            }
        }
        if let Some(y) = f.y.get_mut(output) {
            *y = largest;
        }
        if let Some(position) = f.positions.as_mut().and_then(|positions| positions.get_mut(output)) {
            *position = at;
        }
    });
}

/// See [`MaxPoolBackward`].
pub(crate) fn max_pool_backward(f: &mut MaxPoolBackward<'_>) {
    for dx in f.dx.iter_mut() {
        *dx = 0.0;
    }
    windows(f.planes, f.inputs_along, |output, window| {
        if let (Some(position), Some(dy)) = (f.positions.get(output), f.dy.get(output))
            && let Some(dx) = window.get(usize::from(*position)).and_then(|dx| f.dx.get_mut(*dx))
        {
            *dx = *dy;
        }
    });
}
