//! The fast convolutions and pools against their definitions, for every instruction set that this machine has.
#![allow(missing_docs, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use nn_core::Kernels;
use nn_core::kernel::{ConvolutionGradient, ConvolutionSizes, Convolve, ConvolveBackward, ConvolvePool, MaxPool, MaxPoolBackward};
use nn_core::random::Stream;

/// Of the sum of the absolute products: a few roundings of each of the two orders.
const TOLERANCE: f64 = 4e-7;

/// Sizes drawn from one seed, besides those of [`known`].
const DRAWN: usize = 50;

/// Samples and sizes.
type Case = (usize, ConvolutionSizes);

/// `pad` is above and to the left, then below and to the right.
fn case(
    samples: usize,
    [groups, inputs, outputs]: [usize; 3],
    inputs_along: [usize; 2],
    kernel: [usize; 2],
    window: [[usize; 2]; 4],
) -> Case {
    let [stride, dilation, before, after] = window;
    let outputs_along = [0, 1].map(|axis| {
        let extent = dilation[axis] * (kernel[axis] - 1) + 1;
        let padded = inputs_along[axis] + before[axis] + after[axis];
        assert!(padded >= extent, "a kernel fits");
        (padded - extent) / stride[axis] + 1
    });
    (samples, ConvolutionSizes { groups, inputs, outputs, inputs_along, outputs_along, kernel, stride, dilation, before })
}

/// The sizes of real layers, and the smallest.
fn known() -> Vec<Case> {
    let plain = [[1, 1], [1, 1], [0, 0], [0, 0]];
    let same = [[1, 1], [1, 1], [1, 1], [1, 1]];
    vec![
        case(1, [1, 1, 1], [1, 1], [1, 1], plain),
        case(17, [1, 1, 1], [1, 1], [1, 1], same),
        case(1, [1, 1, 6], [28, 28], [5, 5], plain),
        case(33, [1, 1, 6], [12, 12], [5, 5], plain),
        case(3, [1, 6, 16], [12, 12], [5, 5], plain),
        case(16, [1, 6, 16], [12, 12], [5, 5], plain),
        case(9, [1, 3, 8], [8, 8], [3, 3], same),
        // As many channels as there are lanes, with windows that do not fill them.
        case(3, [2, 3, 16], [9, 23], [3, 2], same),
        case(5, [1, 2, 32], [20, 11], [2, 3], [[2, 1], [2, 3], [1, 4], [0, 2]]),
        case(1, [1, 1, 16], [40, 3], [2, 2], plain),
        case(20, [8, 1, 1], [7, 7], [3, 3], same),
        case(2, [4, 1, 2], [9, 9], [3, 3], [[2, 2], [1, 1], [1, 1], [1, 1]]),
        case(18, [1, 5, 7], [1, 40], [1, 3], [[1, 2], [1, 4], [0, 8], [0, 0]]),
        case(5, [1, 2, 3], [2, 3], [5, 5], [[1, 1], [1, 1], [4, 4], [4, 4]]),
        // The stride skips inputs that nothing reads, also whole rows at the end.
        case(19, [1, 2, 3], [10, 11], [1, 2], [[4, 3], [1, 1], [0, 0], [0, 0]]),
        // Padding that no output reads.
        case(4, [2, 2, 2], [6, 6], [2, 2], [[3, 3], [1, 1], [0, 1], [2, 2]]),
    ]
}

fn drawn() -> Vec<Case> {
    let mut random = Stream::new(&[3]);
    let mut up_to = |n: usize| (random.unit() * n as f64) as usize;
    let mut cases = vec![];
    while cases.len() < DRAWN {
        let samples = 1 + up_to(35);
        let channels = [1 + up_to(3), 1 + up_to(5), 1 + up_to(13)];
        let (along, kernel) = ([1 + up_to(7), 1 + up_to(20)], [1 + up_to(4), 1 + up_to(4)]);
        let mut pair = |least: usize, n: usize| [least + up_to(n), least + up_to(n)];
        let window = [pair(1, 3), pair(1, 3), pair(0, 4), pair(0, 4)];
        let fits = (0..2).all(|axis| along[axis] + window[2][axis] + window[3][axis] > window[1][axis] * (kernel[axis] - 1));
        if fits {
            cases.push(case(samples, channels, along, kernel, window));
        }
    }
    cases
}

fn numbers(n: usize, random: &mut Stream) -> Vec<f32> {
    (0..n).map(|_| (random.unit() * 2.0 - 1.0) as f32).collect()
}

/// Calls `visit(y, w, x)` with the index of the output, the weight and the input of each product of one sample.
fn products(s: ConvolutionSizes, mut visit: impl FnMut(usize, usize, usize)) {
    let input = |axis: usize, output: usize, tap: usize| {
        (output * s.stride[axis] + tap * s.dilation[axis]).checked_sub(s.before[axis]).filter(|i| *i < s.inputs_along[axis])
    };
    let ([h, w], [oh, ow], [kh, kw]) = (s.inputs_along, s.outputs_along, s.kernel);
    for y in 0..s.groups * s.outputs * oh * ow {
        let (o, oy, ox) = (y / (oh * ow), y / ow % oh, y % ow);
        for k in 0..s.inputs * kh * kw {
            let (g, ky, kx) = (k / (kh * kw), k / kw % kh, k % kw);
            if let (Some(iy), Some(ix)) = (input(0, oy, ky), input(1, ox, kx)) {
                visit(y, o * s.inputs * kh * kw + k, ((o / s.outputs * s.inputs + g) * h + iy) * w + ix);
            }
        }
    }
}

/// A sum by its definition, and the sum of sizes, which its rounding is compared with.
#[derive(Clone, Copy, Default)]
struct Sum {
    value: f64,
    size: f64,
}

impl Sum {
    fn add(&mut self, a: f32, b: f32) {
        let term = f64::from(a) * f64::from(b);
        self.value += term;
        self.size += term.abs();
    }
}

fn compare(what: &str, case: &Case, fast: &[f32], exact: &[Sum]) {
    assert_eq!(fast.len(), exact.len());
    for (i, (fast, exact)) in fast.iter().zip(exact).enumerate() {
        let gap = (f64::from(*fast) - exact.value).abs();
        let allowed = TOLERANCE * (1.0 + exact.size.sqrt()) * exact.size.max(1.0);
        assert!(gap <= allowed, "{what}[{i}] of {case:?}: {fast} for {}, off by {gap:e}", exact.value);
    }
}

fn check(kernels: Kernels, case: &Case, random: &mut Stream) {
    let (samples, sizes) = *case;
    let ([h, w], [oh, ow], [kh, kw]) = (sizes.inputs_along, sizes.outputs_along, sizes.kernel);
    let outputs = sizes.groups * sizes.outputs;
    let (input, output, weights) = (sizes.groups * sizes.inputs * h * w, outputs * oh * ow, outputs * sizes.inputs * kh * kw);
    let (x, weight, dy) = (numbers(samples * input, random), numbers(weights, random), numbers(samples * output, random));
    let bias = numbers(if samples.is_multiple_of(3) { 0 } else { outputs }, random);
    let (before_dw, before_db) = (numbers(weights, random), numbers(bias.len(), random));

    let start = |values: &[f32]| values.iter().map(|value| Sum { value: f64::from(*value), size: 1.0 }).collect::<Vec<_>>();
    let (mut exact_dw, mut exact_db) = (start(&before_dw), start(&before_db));
    let (mut exact_y, mut exact_dx) = (vec![Sum::default(); samples * output], vec![Sum::default(); samples * input]);
    for n in 0..samples {
        for i in 0..output {
            if let Some(b) = bias.get(i / (oh * ow)) {
                exact_y[n * output + i].add(*b, 1.0);
                exact_db[i / (oh * ow)].add(dy[n * output + i], 1.0);
            }
        }
        products(sizes, |i, k, j| {
            exact_y[n * output + i].add(weight[k], x[n * input + j]);
            exact_dx[n * input + j].add(weight[k], dy[n * output + i]);
            exact_dw[k].add(dy[n * output + i], x[n * input + j]);
        });
    }

    let name = |what: &str| format!("{} {what}", kernels.name());
    let mut y = vec![f32::NAN; samples * output];
    Convolve { sizes, samples, x: &x, w: &weight, bias: &bias, y: &mut y }.on(kernels);
    compare(&name("y"), case, &y, &exact_y);
    // Both gradients, then each alone.
    for (with_dx, with_dw) in [(true, true), (true, false), (false, true)] {
        let (mut dx, mut dw, mut db) = (vec![f32::NAN; samples * input], before_dw.clone(), before_db.clone());
        let gradient = with_dw.then_some(ConvolutionGradient { dw: &mut dw, db: &mut db });
        let (x_row, dy_row, to) = (input, output, with_dx.then_some(&mut dx[..]));
        let backward = ConvolveBackward { sizes, samples, x: &x, x_row, w: &weight, dy: &dy, dy_row, positions: None, dx: to, gradient };
        backward.on(kernels);
        if with_dx {
            compare(&name("dx"), case, &dx, &exact_dx);
        }
        if with_dw {
            compare(&name("dw"), case, &dw, &exact_dw);
            compare(&name("db"), case, &db, &exact_db);
        }
    }
}

#[test]
fn convolutions_are_those_of_the_definition() {
    for kernels in Kernels::all() {
        let mut random = Stream::new(&[4]);
        for case in known().iter().chain(&drawn()) {
            check(kernels, case, &mut random);
        }
    }
}

/// A convolution with a pool behind it: the largest of what the definition gives, to rounding; the gradients are those of the definition for
/// the positions that were kept.
fn check_pooled(kernels: Kernels, case: &Case, random: &mut Stream) {
    let (samples, sizes) = *case;
    let ([h, w], [oh, ow], [kh, kw]) = (sizes.inputs_along, sizes.outputs_along, sizes.kernel);
    let outputs = sizes.groups * sizes.outputs;
    let (input, output, weights) = (sizes.groups * sizes.inputs * h * w, outputs * oh * ow, outputs * sizes.inputs * kh * kw);
    let pooled = outputs * (oh / 2) * (ow / 2);
    let (x, weight, dy) = (numbers(samples * input, random), numbers(weights, random), numbers(samples * pooled, random));
    let bias = numbers(if samples.is_multiple_of(3) { 0 } else { outputs }, random);
    let (before_dw, before_db) = (numbers(weights, random), numbers(bias.len(), random));

    let mut exact_z = vec![Sum::default(); samples * output];
    for n in 0..samples {
        for i in 0..output {
            if let Some(b) = bias.get(i / (oh * ow)) {
                exact_z[n * output + i].add(*b, 1.0);
            }
        }
        products(sizes, |i, k, j| exact_z[n * output + i].add(weight[k], x[n * input + j]));
    }
    let (mut y, mut alone, mut positions) = (vec![f32::NAN; samples * pooled], vec![f32::NAN; samples * pooled], vec![9; samples * pooled]);
    ConvolvePool { sizes, samples, x: &x, w: &weight, bias: &bias, y: &mut y, positions: Some(&mut positions) }.on(kernels);
    ConvolvePool { sizes, samples, x: &x, w: &weight, bias: &bias, y: &mut alone, positions: None }.on(kernels);
    assert_eq!(y, alone, "{} with and without positions of {case:?}", kernels.name());

    let mut exact_dz = vec![0.0; samples * output];
    for i in 0..samples * pooled {
        let (plane, oy, ox) = (i / ((oh / 2) * (ow / 2)), i / (ow / 2) % (oh / 2), i % (ow / 2));
        let window = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(ky, kx)| (plane * oh + 2 * oy + ky) * ow + 2 * ox + kx);
        let at = window[usize::from(positions[i])];
        let largest = window.iter().map(|at| exact_z[*at].value).fold(f64::NEG_INFINITY, f64::max);
        let allowed = TOLERANCE * (1.0 + exact_z[at].size.sqrt()) * exact_z[at].size.max(1.0);
        assert!((f64::from(y[i]) - exact_z[at].value).abs() <= allowed, "{} y[{i}] of {case:?}", kernels.name());
        assert!(largest - exact_z[at].value <= 2.0 * allowed, "{} position {i} of {case:?}", kernels.name());
        exact_dz[at] = dy[i];
    }

    let start = |values: &[f32]| values.iter().map(|value| Sum { value: f64::from(*value), size: 1.0 }).collect::<Vec<_>>();
    let (mut exact_dw, mut exact_db, mut exact_dx) = (start(&before_dw), start(&before_db), vec![Sum::default(); samples * input]);
    for n in 0..samples {
        for i in 0..output {
            if let Some(db) = exact_db.get_mut(i / (oh * ow)) {
                db.add(exact_dz[n * output + i], 1.0);
            }
        }
        products(sizes, |i, k, j| {
            exact_dx[n * input + j].add(weight[k], exact_dz[n * output + i]);
            exact_dw[k].add(exact_dz[n * output + i], x[n * input + j]);
        });
    }
    for (with_dx, with_dw) in [(true, true), (true, false), (false, true)] {
        let (mut dx, mut dw, mut db) = (vec![f32::NAN; samples * input], before_dw.clone(), before_db.clone());
        let gradient = with_dw.then_some(ConvolutionGradient { dw: &mut dw, db: &mut db });
        let (x_row, dy_row, positions, to) = (input, pooled, Some(&positions[..]), with_dx.then_some(&mut dx[..]));
        ConvolveBackward { sizes, samples, x: &x, x_row, w: &weight, dy: &dy, dy_row, positions, dx: to, gradient }.on(kernels);
        if with_dx {
            compare(&format!("{} pooled dx", kernels.name()), case, &dx, &exact_dx);
        }
        if with_dw {
            compare(&format!("{} pooled dw", kernels.name()), case, &dw, &exact_dw);
            compare(&format!("{} pooled db", kernels.name()), case, &db, &exact_db);
        }
    }
}

#[test]
fn convolutions_with_pools_are_those_of_the_definition() {
    for kernels in Kernels::all() {
        let mut random = Stream::new(&[6]);
        for case in known().iter().chain(&drawn()) {
            check_pooled(kernels, case, &mut random);
        }
    }
}

/// Ties and the extremes: a kernel of one tap lets its inputs through.
#[test]
fn a_pool_behind_a_convolution_keeps_the_first_of_equal_ones_and_nan() {
    const FEW: [f32; 6] = [-1.0, 0.0, 1.0, f32::NAN, f32::NEG_INFINITY, f32::INFINITY];
    for kernels in Kernels::all() {
        let mut random = Stream::new(&[7]);
        for (samples, outputs, h, w) in
            [(1, 1, 2, 2), (1, 1, 9, 40), (3, 1, 7, 21), (2, 16, 7, 21), (16, 1, 4, 4), (17, 1, 5, 18), (48, 1, 2, 6)]
        {
            let (_, sizes) = case(samples, [1, 1, outputs], [h, w], [1, 1], [[1, 1], [1, 1], [0, 0], [0, 0]]);
            let x: Vec<f32> = (0..samples * h * w).map(|_| FEW[(random.unit() * FEW.len() as f64) as usize]).collect();
            let count = samples * outputs * (h / 2) * (w / 2);
            let run = |with_positions: bool| {
                let (mut y, mut positions) = (vec![9.0; count], vec![9; count]);
                let keep = with_positions.then_some(&mut positions[..]);
                ConvolvePool { sizes, samples, x: &x, w: &vec![1.0; outputs], bias: &[], y: &mut y, positions: keep }.on(kernels);
                // `0 · ∞` of padding that no one reads must not come into it; NaN of any kind is NaN.
                (y.iter().map(|y| if y.is_nan() { None } else { Some(y.to_bits()) }).collect::<Vec<_>>(), positions)
            };
            let (mut exact_y, mut exact_positions) = (vec![0.0; count], vec![9; count]);
            // Every channel is the input.
            let x: Vec<f32> = x.chunks(h * w).flat_map(|sample| sample.repeat(outputs)).collect();
            let (planes, inputs_along, positions) = (samples * outputs, [h, w], Some(&mut exact_positions[..]));
            MaxPool { planes, inputs_along, x: &x, y: &mut exact_y, positions }.on(Kernels::Portable);
            let exact_y: Vec<_> = exact_y.iter().map(|y| if y.is_nan() { None } else { Some(y.to_bits()) }).collect();
            let what = format!("{} {samples}x{outputs}x{h}x{w}", kernels.name());
            assert_eq!(run(true), (exact_y.clone(), exact_positions), "{what}");
            assert_eq!(run(false).0, exact_y, "{what} without positions");
        }
    }
}

#[test]
fn pools_are_those_of_the_definition() {
    /// What ties and the extremes are made of.
    const FEW: [f32; 6] = [-1.0, 0.0, 1.0, f32::NAN, f32::NEG_INFINITY, f32::INFINITY];
    for kernels in Kernels::all() {
        let mut random = Stream::new(&[5]);
        // Every width around those of registers, in rows that are even and odd in number.
        for (planes, h, w) in (2..72).map(|w| (1 + w % 4, 2 + w % 5, w)) {
            let [oh, ow] = [h / 2, w / 2];
            let mut x = numbers(planes * h * w, &mut random);
            if w % 2 == 0 {
                for x in &mut x {
                    *x = FEW[(random.unit() * FEW.len() as f64) as usize];
                }
            }
            let dy = numbers(planes * oh * ow, &mut random);
            let (mut exact_y, mut exact_positions, mut exact_dx) = (vec![], vec![], vec![0.0; x.len()]);
            for i in 0..planes * oh * ow {
                let (plane, oy, ox) = (i / (oh * ow), i / ow % oh, i % ow);
                let window = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(ky, kx)| (plane * h + 2 * oy + ky) * w + 2 * ox + kx);
                let mut at = 0;
                for k in 1..4 {
                    if x[window[k]].is_nan() || x[window[k]] > x[window[at]] {
                        at = k;
                    }
                }
                exact_y.push(x[window[at]].to_bits());
                exact_positions.push(at as u8);
                exact_dx[window[at]] = dy[i];
            }
            let bits = |y: &[f32]| y.iter().map(|y| y.to_bits()).collect::<Vec<_>>();
            let what = format!("{} {planes}x{h}x{w}", kernels.name());
            let (mut y, mut positions) = (vec![0.0; dy.len()], vec![255; dy.len()]);
            MaxPool { planes, inputs_along: [h, w], x: &x, y: &mut y, positions: Some(&mut positions) }.on(kernels);
            assert_eq!(bits(&y), exact_y, "{what}");
            assert_eq!(positions, exact_positions, "{what}");
            y.fill(0.0);
            MaxPool { planes, inputs_along: [h, w], x: &x, y: &mut y, positions: None }.on(kernels);
            assert_eq!(bits(&y), exact_y, "{what}");
            let mut dx = vec![f32::NAN; x.len()];
            MaxPoolBackward { planes, inputs_along: [h, w], positions: &positions, dy: &dy, dx: &mut dx }.on(kernels);
            assert_eq!(dx, exact_dx, "{what}");
        }
    }
}

/// Sizes by which places in memory would wrap around: nothing is read or written but what the slices hold, and what needs more memory panics.
#[test]
fn sizes_beyond_any_memory_are_refused() {
    let (_, one) = case(1, [1, 1, 1], [1, 1], [1, 1], [[1, 1], [1, 1], [0, 0], [0, 0]]);
    let far = usize::MAX / 8 + 1;
    for (sizes, samples) in [
        (ConvolutionSizes { outputs_along: [9, 1], stride: [far, 1], ..one }, 1),
        (ConvolutionSizes { outputs_along: [1, 9], stride: [1, far], ..one }, 1),
        (ConvolutionSizes { kernel: [9, 1], dilation: [far, 1], ..one }, 1),
        (ConvolutionSizes { kernel: [1, 9], dilation: [1, far], ..one }, 1),
        (ConvolutionSizes { before: [usize::MAX, 0], ..one }, 1),
        (ConvolutionSizes { inputs: far, kernel: [8, 1], ..one }, 1),
        (ConvolutionSizes { inputs_along: [far, 8], ..one }, 1),
        (ConvolutionSizes { groups: far, outputs: 8, ..one }, 1),
        (ConvolutionSizes { outputs_along: [2, 2], ..one }, far * 2),
    ] {
        for kernels in Kernels::all() {
            let (x, w, mut y, mut dx) = ([1.0; 9], [1.0; 9], [f32::NAN; 9], [f32::NAN; 9]);
            let forward = catch_unwind(AssertUnwindSafe(|| Convolve { sizes, samples, x: &x, w: &w, bias: &[], y: &mut y }.on(kernels)));
            let backward = catch_unwind(AssertUnwindSafe(|| {
                let (x, dy, dx) = (&x[..], &x[..], Some(&mut dx[..]));
                ConvolveBackward { sizes, samples, x, x_row: 1, w: &w, dy, dy_row: 1, positions: None, dx, gradient: None }.on(kernels);
            }));
            let is_portable = kernels == Kernels::Portable;
            let what = format!("{} {sizes:?}", kernels.name());
            assert_eq!((forward.is_ok(), backward.is_ok()), (is_portable, is_portable), "{what}: a panic, but of portable kernels");
            let written = y.iter().chain(&dx).filter(|value| !value.is_nan());
            assert!(written.copied().all(|value| is_portable && [0.0, 1.0].contains(&value)), "{what}: {y:?} {dx:?}");
        }
    }
}
