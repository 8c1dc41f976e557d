//! The fast products of matrices against the plainest loops, for every instruction set that this machine has.
#![allow(missing_docs, clippy::cast_possible_truncation)]

use nn_core::Kernels;
use nn_core::kernel::{Dots, Link, Product, SumRows};
use nn_core::random::Stream;

/// Odd sizes, remainders of every tile, single rows and columns, sums of nothing, and the sizes of real layers.
const SIZES: [(usize, usize, usize); 63] = [
    (1, 1, 1),
    (1, 1, 7),
    (1, 16, 3),
    (2, 17, 5),
    (3, 15, 16),
    (4, 31, 17),
    (5, 32, 1),
    (6, 33, 2),
    (7, 34, 64),
    (8, 47, 9),
    (9, 48, 10),
    (10, 49, 11),
    (11, 50, 12),
    (12, 63, 13),
    (13, 64, 14),
    (14, 65, 15),
    (15, 8, 16),
    (16, 9, 17),
    (17, 7, 18),
    (18, 6, 19),
    (19, 5, 20),
    (20, 4, 21),
    (21, 3, 22),
    (22, 2, 23),
    (23, 1, 24),
    (24, 80, 25),
    (25, 96, 1),
    (26, 97, 40),
    (1, 100, 300),
    (2, 10, 256),
    (3, 10, 257),
    (32, 100, 56),
    (32, 100, 100),
    (32, 1, 100),
    (32, 32, 64),
    (32, 10, 32),
    (33, 64, 784),
    (64, 10, 128),
    (4, 8, 2),
    (4, 1, 8),
    (32, 120, 256),
    (32, 84, 120),
    (32, 10, 84),
    (50, 60, 256),
    (37, 65, 300),
    (1, 512, 784),
    (20, 9, 33),
    (16, 1, 100),
    (3, 2, 40),
    (2, 5, 31),
    (1, 13, 56),
    (45, 16, 90),
    (41, 120, 17),
    (56, 49, 96),
    (13, 18, 2049),
    (70, 17, 2050),
    (3, 17, 0),
    (32, 1, 17),
    (33, 7, 40),
    (40, 5, 16),
    (64, 24, 19),
    (70, 38, 18),
    (100, 4, 33),
];

/// Of the sum of the absolute products: a few roundings of each of the two orders.
const TOLERANCE: f64 = 4e-7;

/// Multiply-adds from which only half of the variants are tried: an unoptimised build is slow.
const LARGE: usize = 50_000;

fn numbers(n: usize, random: &mut Stream) -> Vec<f32> {
    (0..n).map(|_| (random.unit() * 2.0 - 1.0) as f32).collect()
}

fn compare(name: &str, fast: &[f32], exact: &[f64], size: &[f64]) {
    for (i, ((fast, exact), size)) in fast.iter().zip(exact).zip(size).enumerate() {
        let gap = (f64::from(*fast) - exact).abs();
        assert!(
            gap <= TOLERANCE * (1.0 + size.sqrt()) * size.max(1.0),
            "{name}, element {i}: {fast} for {exact}, off by {gap:e} of {size}"
        );
    }
}

#[test]
fn products_are_those_of_the_plain_loops() {
    let mut random = Stream::new(&[1]);
    for kernels in Kernels::all() {
        for (m, n, k) in SIZES {
            for (transposed, accumulate, gap) in [(false, false, 0), (true, true, 0), (false, true, 3), (true, false, 5)] {
                if m * n * k > LARGE && gap > 0 {
                    continue;
                }
                let (a, b, c) = (numbers(m * k, &mut random), numbers(k * (n + gap), &mut random), numbers(m * (n + gap), &mut random));
                let (a_row, a_column) = if transposed { (1, m) } else { (k, 1) };
                let mut fast = c.clone();
                let product = Product { m, n, k, a: &a, a_row, a_column, b: &b, b_row: n + gap, c: &mut fast, c_row: n + gap, accumulate };
                product.on(kernels);
                let (mut exact, mut size) = (vec![], vec![]);
                for i in 0..m {
                    for j in 0..n + gap {
                        let start = f64::from(c[i * (n + gap) + j]);
                        let terms = (0..k).map(|l| f64::from(a[i * a_row + l * a_column]) * f64::from(b[l * (n + gap) + j]));
                        let sum: f64 = terms.clone().sum();
                        exact.push(if j >= n {
                            start
                        } else if accumulate {
                            start + sum
                        } else {
                            sum
                        });
                        size.push(if j >= n { 0.0 } else { terms.map(f64::abs).sum::<f64>() });
                    }
                }
                compare(&format!("{} {m}x{n}x{k} {transposed} {accumulate} {gap}", kernels.name()), &fast, &exact, &size);
            }
        }
    }
}

#[test]
fn dots_are_those_of_the_plain_loops() {
    let mut random = Stream::new(&[2]);
    for kernels in Kernels::all() {
        for (samples, outputs, inputs) in SIZES {
            for with_bias in [false, true] {
                let (x, w) = (numbers(samples * inputs, &mut random), numbers(outputs * inputs, &mut random));
                let bias = numbers(if with_bias { outputs } else { 0 }, &mut random);
                let mut fast = vec![f32::NAN; samples * outputs];
                Dots { samples, inputs, outputs, x: &x, w: &w, bias: &bias, y: &mut fast, link: Link::NONE }.on(kernels);
                let (mut exact, mut size) = (vec![], vec![]);
                for n in 0..samples {
                    for o in 0..outputs {
                        let terms = (0..inputs).map(|i| f64::from(x[n * inputs + i]) * f64::from(w[o * inputs + i]));
                        exact.push(terms.clone().sum::<f64>() + bias.get(o).copied().map_or(0.0, f64::from));
                        size.push(terms.map(f64::abs).sum());
                    }
                }
                compare(&format!("{} {samples}x{outputs}x{inputs} {with_bias}", kernels.name()), &fast, &exact, &size);
            }
        }
    }
}

/// Three dense layers one behind the other: inputs, and the outputs of each.
const CHAINS: [[usize; 4]; 8] =
    [[21, 50, 27, 1], [1, 1, 1, 1], [7, 13, 49, 3], [3, 12, 11, 10], [17, 48, 23, 16], [3, 2049, 2, 1], [2050, 2, 25, 7], [4, 97, 8, 33]];

/// Batches of fewer than a group, of groups alone, and with what is left over: nothing, little, and more than half a register.
const BATCHES: [usize; 8] = [1, 12, 31, 32, 33, 40, 41, 87];

#[test]
fn dots_in_lanes_are_those_of_the_plain_loops() {
    let mut random = Stream::new(&[5]);
    for (sizes, samples) in CHAINS.into_iter().flat_map(|sizes| BATCHES.map(|samples| (sizes, samples))) {
        let x = numbers(samples * sizes[0], &mut random);
        let layers: Vec<_> = (0..3)
            .map(|layer| {
                // About as much goes out of each layer as goes in.
                let scale = (2.0 / sizes[layer] as f32).sqrt();
                let w: Vec<f32> = numbers(sizes[layer] * sizes[layer + 1], &mut random).iter().map(|w| w * scale).collect();
                let bias = numbers(if layer == 1 { 0 } else { sizes[layer + 1] }, &mut random);
                (w, bias, sizes[layer], sizes[layer + 1])
            })
            .collect();
        for relu in [false, true] {
            let (mut exact, mut size): (Vec<f64>, Vec<f64>) = x.iter().map(|x| (f64::from(*x), f64::from(x.abs()))).unzip();
            for (w, bias, inputs, outputs) in &layers {
                let sum = |x: &[f64], n: usize, o: usize, f: fn(f64) -> f64| {
                    let terms = (0..*inputs).map(|i| x[n * inputs + i] * f(f64::from(w[o * inputs + i])));
                    f(bias.get(o).copied().map_or(0.0, f64::from)) + terms.sum::<f64>()
                };
                let all = (0..samples).flat_map(|n| (0..*outputs).map(move |o| (n, o)));
                (exact, size) = all.map(|(n, o)| (sum(&exact, n, o, |w| w), sum(&size, n, o, f64::abs))).unzip();
                if relu {
                    for y in &mut exact {
                        *y = y.max(0.0);
                    }
                }
            }
            for kernels in Kernels::all() {
                let mut values = x.clone();
                for (layer, (w, bias, inputs, outputs)) in layers.iter().enumerate() {
                    let (mut y, inputs, outputs) = (vec![f32::NAN; samples * outputs], *inputs, *outputs);
                    // As layers do it: values in lanes are written by the one and read by the next.
                    let in_lanes = samples >= Link::GROUP;
                    let link = Link { x_in_lanes: in_lanes && layer > 0, y_in_lanes: in_lanes && layer < 2, relu };
                    Dots { samples, inputs, outputs, x: &values, w, bias, y: &mut y, link }.on(kernels);
                    values = y;
                }
                compare(&format!("{} {samples} samples of {sizes:?}, {relu}", kernels.name()), &values, &exact, &size);
            }
        }
    }
}

#[test]
fn dots_leave_what_is_no_number_to_relu_as_it_is() {
    for kernels in Kernels::all() {
        for (samples, outputs, y_in_lanes) in [(1, 3, false), (20, 16, false), (20, 100, false), (40, 5, true), (40, 5, false)] {
            let x: Vec<f32> = (0..samples).map(|n| if n % 2 == 0 { f32::NAN } else { -1.0 }).collect();
            let (w, mut y) = (vec![1.0; outputs], vec![2.0; samples * outputs]);
            let link = Link { x_in_lanes: false, y_in_lanes, relu: true };
            Dots { samples, inputs: 1, outputs, x: &x, w: &w, bias: &[], y: &mut y, link }.on(kernels);
            assert_eq!(y.iter().filter(|y| y.is_nan()).count(), samples.div_ceil(2) * outputs, "{}", kernels.name());
            assert_eq!(y.iter().filter(|y| **y == 0.0).count(), samples / 2 * outputs, "{}", kernels.name());
        }
    }
}

#[test]
fn dots_have_the_same_bits_wherever_the_weights_lie() {
    let mut random = Stream::new(&[4]);
    for kernels in Kernels::all() {
        for (samples, outputs, inputs) in [(1, 13, 264), (1, 8, 8), (1, 3, 784), (1, 16, 512), (1, 9, 301), (2, 9, 264), (40, 20, 264)] {
            let (x, w) = (numbers(samples * inputs, &mut random), numbers(outputs * inputs, &mut random));
            let results = (0..16).map(|skipped| {
                let w: Vec<f32> = std::iter::repeat_n(f32::NAN, skipped).chain(w.iter().copied()).collect();
                let mut y = vec![f32::NAN; samples * outputs];
                Dots { samples, inputs, outputs, x: &x, w: &w[skipped..], bias: &[], y: &mut y, link: Link::NONE }.on(kernels);
                y.iter().map(|y| y.to_bits()).collect::<Vec<_>>()
            });
            let results: Vec<_> = results.collect();
            assert!(results.iter().all(|y| *y == results[0]), "{} {samples}x{outputs}x{inputs}", kernels.name());
        }
    }
}

#[test]
fn sums_of_rows_are_those_of_the_plain_loops() {
    let mut random = Stream::new(&[3]);
    for kernels in Kernels::all() {
        for (rows, columns, _) in SIZES {
            for accumulate in [false, true] {
                let (x, start) = (numbers(rows * columns, &mut random), numbers(columns, &mut random));
                let mut fast = start.clone();
                SumRows { rows, columns, x: &x, sums: &mut fast, accumulate }.on(kernels);
                let (mut exact, mut size) = (vec![], vec![]);
                for j in 0..columns {
                    let terms = (0..rows).map(|i| f64::from(x[i * columns + j])).chain(accumulate.then(|| f64::from(start[j])));
                    exact.push(terms.clone().sum());
                    size.push(terms.map(f64::abs).sum());
                }
                compare(&format!("{} {rows}x{columns} {accumulate}", kernels.name()), &fast, &exact, &size);
            }
        }
    }
}

#[test]
fn the_fastest_kernels_are_among_all() {
    assert_eq!(Kernels::all().last(), Some(&Kernels::detect()));
}
