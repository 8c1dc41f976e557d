//! Where kernels are cut: always between two outputs, never within a sum.

use std::vec::Vec;

use super::{
    ConvolutionGradient, ConvolutionSizes, Convolve, ConvolveBackward, ConvolvePool, Dots, Link, MaxPool, MaxPoolBackward, Product,
};
use crate::threads::{Cut, GRAIN, into_parts};

/// A kernel as kernels that write a part each.
pub(super) trait Parts: Sized {
    /// About so many.
    fn parts(self, count: usize) -> Vec<Self>;
    /// What it overwrites, where other threads read it later and have read what was there: values of samples. A gradient of weights is
    /// read by the thread that updates them.
    fn read_by_others(&mut self) -> Option<&mut [f32]>;
}

/// A kernel that is cut in one way, after multiples of so many units, and writes this.
macro_rules! even {
    ($($kernel:ident by $grain:expr, $written:ident $(if $condition:expr)?);*) => {
        $(impl Parts for $kernel<'_> {
            fn parts(self, count: usize) -> Vec<Self> {
                into_parts(self, count, $grain)
            }
            fn read_by_others(&mut self) -> Option<&mut [f32]> {
                $(if !$condition(self) {
                    return None;
                })?
                Some(self.$written)
            }
        })*
    };
}
even!(
    Product by ROWS, c if |product: &Self| product.a_column == 1; // else `A` is read transposed, and `C` is a gradient of weights
    Convolve by GRAIN, y;
    ConvolvePool by GRAIN, y;
    MaxPool by 1, y;
    MaxPoolBackward by 1, dx
);

impl Parts for Dots<'_> {
    fn parts(self, count: usize) -> Vec<Self> {
        let grain = if self.link.is_in_lanes() { Link::GROUP } else { GRAIN };
        into_parts(self, count, grain)
    }
    fn read_by_others(&mut self) -> Option<&mut [f32]> {
        Some(self.y)
    }
}

/// Rows of a product's tile.
const ROWS: usize = 12;

/// Rows of `A` and `C`.
impl Cut for Product<'_> {
    fn units(&self) -> usize {
        self.m
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let Self { m, n, k, a, a_row, a_column, b, b_row, c, c_row, accumulate } = self;
        let (c, c_rest) = c.cut(at * c_row);
        let first = Self { m: at, n, k, a, a_row, a_column, b, b_row, c, c_row, accumulate };
        (first, Self { m: m - at, n, k, a: a.cut(at * a_row).1, a_row, a_column, b, b_row, c: c_rest, c_row, accumulate })
    }
}

/// Samples.
impl Cut for Dots<'_> {
    fn units(&self) -> usize {
        self.samples
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let Self { samples, inputs, outputs, x, w, bias, y, link } = self;
        let ((x, x_rest), (y, y_rest)) = (x.cut(at * inputs), y.cut(at * outputs));
        let first = Self { samples: at, inputs, outputs, x, w, bias, y, link };
        (first, Self { samples: samples - at, inputs, outputs, x: x_rest, w, bias, y: y_rest, link })
    }
}

impl ConvolutionSizes {
    /// Numbers of a channel of the input.
    fn plane(&self) -> usize {
        self.inputs_along[0] * self.inputs_along[1]
    }

    /// Numbers of a sample's input.
    fn input(&self) -> usize {
        self.groups * self.inputs * self.plane()
    }

    /// Numbers of a channel of the output.
    fn places(&self) -> usize {
        self.outputs_along[0] * self.outputs_along[1]
    }

    /// Numbers of a sample's output.
    fn output(&self) -> usize {
        self.groups * self.outputs * self.places()
    }

    /// Numbers of a sample's output behind a pool of 2 × 2.
    fn pooled(&self) -> usize {
        self.groups * self.outputs * plane(self.outputs_along)[1]
    }

    /// Products that an output sums.
    fn taps(&self) -> usize {
        self.inputs * self.kernel[0] * self.kernel[1]
    }
}

/// Samples.
impl Cut for Convolve<'_> {
    fn units(&self) -> usize {
        self.samples
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let Self { sizes, samples, x, w, bias, y } = self;
        let ((x, x_rest), (y, y_rest)) = (x.cut(at * sizes.input()), y.cut(at * sizes.output()));
        (Self { sizes, samples: at, x, w, bias, y }, Self { sizes, samples: samples - at, x: x_rest, w, bias, y: y_rest })
    }
}

/// Samples.
impl Cut for ConvolvePool<'_> {
    fn units(&self) -> usize {
        self.samples
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let Self { sizes, samples, x, w, bias, y, positions } = self;
        let ((x, x_rest), (y, y_rest)) = (x.cut(at * sizes.input()), y.cut(at * sizes.pooled()));
        let (positions, positions_rest) = positions.cut(at * sizes.pooled());
        let rest = Self { sizes, samples: samples - at, x: x_rest, w, bias, y: y_rest, positions: positions_rest };
        (Self { sizes, samples: at, x, w, bias, y, positions }, rest)
    }
}

/// The part of a [`ConvolveBackward`] that is `dw` and `db`; cut by groups, or by outputs where there is one group: each weight's gradient is
/// a sum over all samples.
struct Weights<'a>(ConvolveBackward<'a>);

impl Cut for Weights<'_> {
    fn units(&self) -> usize {
        if self.0.sizes.groups > 1 { self.0.sizes.groups } else { self.0.sizes.outputs }
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let units = self.units();
        let ConvolveBackward { sizes, samples, x, x_row, w, dy, dy_row, positions, dx: _, gradient } = self.0;
        let of = |count| {
            if sizes.groups > 1 { ConvolutionSizes { groups: count, ..sizes } } else { ConvolutionSizes { outputs: count, ..sizes } }
        };
        let (first, rest) = (of(at), of(units - at));
        let outputs = first.groups * first.outputs;
        let (gradient, gradient_rest) = gradient
            .map(|ConvolutionGradient { dw, db }| {
                let ((dw, dw_rest), (db, db_rest)) = (dw.cut(outputs * sizes.taps()), db.cut(outputs));
                (ConvolutionGradient { dw, db }, ConvolutionGradient { dw: dw_rest, db: db_rest })
            })
            .unzip();
        let inputs = if sizes.groups > 1 { first.input() } else { 0 };
        let output = if positions.is_some() { first.pooled() } else { first.output() };
        let rest = ConvolveBackward {
            sizes: rest,
            samples,
            x: x.cut(inputs).1,
            x_row,
            w: w.cut(outputs * sizes.taps()).1,
            dy: dy.cut(output).1,
            dy_row,
            positions: positions.cut(output).1,
            dx: None,
            gradient: gradient_rest,
        };
        (Self(ConvolveBackward { sizes: first, samples, x, x_row, w, dy, dy_row, positions, dx: None, gradient }), Self(rest))
    }
}

/// The part that is `dx`; cut by samples.
struct Inputs<'a>(ConvolveBackward<'a>);

impl Cut for Inputs<'_> {
    fn units(&self) -> usize {
        self.0.samples
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let ConvolveBackward { sizes, samples, x, x_row, w, dy, dy_row, positions, dx, gradient: _ } = self.0;
        let (dx, dx_rest) = dx.cut(at * sizes.input());
        let rest = ConvolveBackward {
            sizes,
            samples: samples - at,
            x: x.cut(at * x_row).1,
            x_row,
            w,
            dy: dy.cut(at * dy_row).1,
            dy_row,
            positions: positions.cut(at * dy_row).1,
            dx: dx_rest,
            gradient: None,
        };
        (Self(ConvolveBackward { sizes, samples: at, x, x_row, w, dy, dy_row, positions, dx, gradient: None }), Self(rest))
    }
}

/// As many parts of either kind: whoever is done with its own has something left to take.
impl Parts for ConvolveBackward<'_> {
    fn parts(self, count: usize) -> Vec<Self> {
        let ConvolveBackward { sizes, samples, x, x_row, w, dy, dy_row, positions, dx, gradient } = self;
        let mut parts = Vec::with_capacity(2 * count);
        if gradient.is_some() {
            let weights = Weights(ConvolveBackward { sizes, samples, x, x_row, w, dy, dy_row, positions, dx: None, gradient });
            parts.extend(into_parts(weights, count, 1).into_iter().map(|part| part.0));
        }
        if dx.is_some() {
            let inputs = Inputs(ConvolveBackward { sizes, samples, x, x_row, w, dy, dy_row, positions, dx, gradient: None });
            parts.extend(into_parts(inputs, count, GRAIN).into_iter().map(|part| part.0));
        }
        parts
    }
    fn read_by_others(&mut self) -> Option<&mut [f32]> {
        self.dx.as_deref_mut()
    }
}

/// Numbers of an input and of an output of a pool of 2 × 2.
fn plane([h, w]: [usize; 2]) -> [usize; 2] {
    [h * w, (h / 2) * (w / 2)]
}

/// Planes.
impl Cut for MaxPool<'_> {
    fn units(&self) -> usize {
        self.planes
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let Self { planes, inputs_along, x, y, positions } = self;
        let [input, output] = plane(inputs_along);
        let ((x, x_rest), (y, y_rest)) = (x.cut(at * input), y.cut(at * output));
        let (positions, positions_rest) = positions.map(|positions| positions.cut(at * output)).unzip();
        let first = Self { planes: at, inputs_along, x, y, positions };
        (first, Self { planes: planes - at, inputs_along, x: x_rest, y: y_rest, positions: positions_rest })
    }
}

/// Planes.
impl Cut for MaxPoolBackward<'_> {
    fn units(&self) -> usize {
        self.planes
    }
    fn cut(self, at: usize) -> (Self, Self) {
        let Self { planes, inputs_along, positions, dy, dx } = self;
        let [input, output] = plane(inputs_along);
        let ((positions, positions_rest), (dy, dy_rest)) = (positions.cut(at * output), dy.cut(at * output));
        let (dx, dx_rest) = dx.cut(at * input);
        let first = Self { planes: at, inputs_along, positions, dy, dx };
        (first, Self { planes: planes - at, inputs_along, positions: positions_rest, dy: dy_rest, dx: dx_rest })
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::Parts;
    use crate::kernel::{
        ConvolutionGradient, ConvolutionSizes, Convolve, ConvolveBackward, ConvolvePool, Dots, Kernel, Link, MaxPool, MaxPoolBackward,
        Product,
    };
    use crate::{Kernels, Native};

    /// Numbers whose sums depend on their order.
    fn numbers(n: usize, seed: u32) -> Vec<f32> {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0 - 0.5
        };
        (0..n).map(|_| next()).collect()
    }

    /// The portable kernels are never cut.
    fn fast() -> Vec<Kernels> {
        Native::all().map(Kernels::Native).collect()
    }

    fn run<K: Kernel<Output = ()> + Parts>(kernel: K, parts: usize, kernels: Kernels) {
        let mut parts = if parts == 1 { vec![kernel] } else { kernel.parts(parts) };
        // The last first: no part may need another's.
        parts.reverse();
        for mut part in parts {
            kernels.run(&mut part);
        }
    }

    /// What `compute` gives in one part and in several is the same, to the bit.
    fn check(what: &str, compute: impl Fn(usize, Kernels) -> Vec<u32>) {
        for kernels in fast() {
            let whole = compute(1, kernels);
            for parts in [2, 3, 5] {
                let cut = compute(parts, kernels);
                let differ = whole.iter().zip(&cut).filter(|(whole, cut)| whole != cut).count();
                assert!(whole == cut, "{what} in {parts} parts by {}: {differ} of {} numbers differ", kernels.name(), whole.len());
            }
        }
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn products_are_the_same_in_parts() {
        for (m, n, k) in [(1, 5, 7), (13, 17, 9), (24, 33, 40), (37, 64, 65), (61, 10, 100), (128, 31, 3)] {
            for (transposed, accumulate) in [(false, false), (true, true)] {
                let (a, b, before) = (numbers(m * k, 1), numbers(k * n, 2), numbers(m * n, 3));
                let (a_row, a_column) = if transposed { (1, m) } else { (k, 1) };
                check(&std::format!("{m} x {n} x {k}"), |parts, kernels| {
                    let mut c = before.clone();
                    run(Product { m, n, k, a: &a, a_row, a_column, b: &b, b_row: n, c: &mut c, c_row: n, accumulate }, parts, kernels);
                    bits(&c)
                });
            }
        }
    }

    #[test]
    fn dots_are_the_same_in_parts() {
        // All remainders of a batch, and every way in which sums are made: many and few samples, outputs and inputs.
        for samples in (1..=100).chain([128, 131, 140, 159]) {
            let lanes = [(false, false), (false, true), (true, false), (true, true)];
            for ((outputs, inputs), (x_in_lanes, y_in_lanes)) in
                [(1, 40), (10, 64), (10, 130), (24, 50), (33, 17)].into_iter().flat_map(|sizes| lanes.map(|lanes| (sizes, lanes)))
            {
                let link = Link { x_in_lanes, y_in_lanes, relu: false };
                let (x, w, bias) = (numbers(samples * inputs, 1), numbers(outputs * inputs, 2), numbers(outputs, 3));
                check(&std::format!("{samples} x {inputs} to {outputs}, {link:?}"), |parts, kernels| {
                    let mut y = vec![f32::NAN; samples * outputs];
                    run(Dots { samples, inputs, outputs, x: &x, w: &w, bias: &bias, y: &mut y, link }, parts, kernels);
                    bits(&y)
                });
            }
        }
    }

    const CONVOLUTIONS: [ConvolutionSizes; 4] = [
        ConvolutionSizes {
            groups: 1,
            inputs: 3,
            outputs: 7,
            inputs_along: [9, 8],
            outputs_along: [7, 6],
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            before: [0, 0],
        },
        ConvolutionSizes {
            groups: 1,
            inputs: 2,
            outputs: 16,
            inputs_along: [7, 11],
            outputs_along: [4, 6],
            kernel: [3, 3],
            stride: [2, 2],
            dilation: [1, 1],
            before: [1, 1],
        },
        // Groups, and a depthwise one.
        ConvolutionSizes {
            groups: 3,
            inputs: 2,
            outputs: 4,
            inputs_along: [1, 20],
            outputs_along: [1, 16],
            kernel: [1, 3],
            stride: [1, 1],
            dilation: [1, 2],
            before: [0, 0],
        },
        ConvolutionSizes {
            groups: 5,
            inputs: 1,
            outputs: 1,
            inputs_along: [6, 6],
            outputs_along: [6, 6],
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            before: [1, 1],
        },
    ];

    #[test]
    fn convolutions_are_the_same_in_parts() {
        for sizes in CONVOLUTIONS {
            let outputs = sizes.groups * sizes.outputs;
            let (input, output, weights) = (sizes.input(), sizes.output(), outputs * sizes.taps());
            for samples in [1, 15, 16, 17, 25, 31, 32, 33, 40, 47, 48, 63, 65] {
                let (x, w, bias, dy) =
                    (numbers(samples * input, 1), numbers(weights, 2), numbers(outputs, 3), numbers(samples * output, 4));
                check(&std::format!("{samples} samples of {sizes:?}"), |parts, kernels| {
                    let mut y = vec![f32::NAN; samples * output];
                    run(Convolve { sizes, samples, x: &x, w: &w, bias: &bias, y: &mut y }, parts, kernels);
                    bits(&y)
                });
                check(&std::format!("gradients of {samples} samples of {sizes:?}"), |parts, kernels| {
                    let (mut dx, mut dw, mut db) = (vec![f32::NAN; samples * input], numbers(weights, 5), numbers(outputs, 6));
                    let gradient = Some(ConvolutionGradient { dw: &mut dw, db: &mut db });
                    let (x_row, dy_row) = (input, output);
                    run(
                        ConvolveBackward {
                            sizes,
                            samples,
                            x: &x,
                            x_row,
                            w: &w,
                            dy: &dy,
                            dy_row,
                            positions: None,
                            dx: Some(&mut dx),
                            gradient,
                        },
                        parts,
                        kernels,
                    );
                    bits(&[dx, dw, db].concat())
                });
            }
        }
    }

    #[test]
    fn convolutions_with_pools_are_the_same_in_parts() {
        for sizes in CONVOLUTIONS {
            let outputs = sizes.groups * sizes.outputs;
            let (input, output, weights) = (sizes.input(), sizes.pooled(), outputs * sizes.taps());
            for samples in [1, 16, 17, 31, 40, 65] {
                let (x, w, bias, dy) =
                    (numbers(samples * input, 1), numbers(weights, 2), numbers(outputs, 3), numbers(samples * output, 4));
                check(&std::format!("{samples} samples of {sizes:?}, pooled"), |parts, kernels| {
                    let (mut y, mut positions) = (vec![f32::NAN; samples * output], vec![0; samples * output]);
                    let keep = Some(&mut positions[..]);
                    run(ConvolvePool { sizes, samples, x: &x, w: &w, bias: &bias, y: &mut y, positions: keep }, parts, kernels);
                    let (mut dx, mut dw, mut db) = (vec![f32::NAN; samples * input], numbers(weights, 5), numbers(outputs, 6));
                    let gradient = Some(ConvolutionGradient { dw: &mut dw, db: &mut db });
                    let (x_row, dy_row, to) = (input, output, Some(&mut dx[..]));
                    let positions = Some(&positions[..]);
                    run(
                        ConvolveBackward { sizes, samples, x: &x, x_row, w: &w, dy: &dy, dy_row, positions, dx: to, gradient },
                        parts,
                        kernels,
                    );
                    bits(&[y, dx, dw, db].concat())
                });
            }
        }
    }

    #[test]
    fn pools_are_the_same_in_parts() {
        for (planes, inputs_along) in [(1, [4, 4]), (7, [5, 9]), (40, [6, 32])] {
            let [input, output] = super::plane(inputs_along);
            let (x, dy) = (numbers(planes * input, 1), numbers(planes * output, 2));
            check(&std::format!("{planes} planes of {inputs_along:?}"), |parts, kernels| {
                let (mut y, mut dx, mut positions) =
                    (vec![f32::NAN; planes * output], vec![f32::NAN; planes * input], vec![9; planes * output]);
                run(MaxPool { planes, inputs_along, x: &x, y: &mut y, positions: Some(&mut positions) }, parts, kernels);
                run(MaxPoolBackward { planes, inputs_along, positions: &positions, dy: &dy, dx: &mut dx }, parts, kernels);
                let positions: Vec<_> = positions.iter().map(|position| f32::from(*position)).collect();
                bits(&[y, dx, positions].concat())
            });
        }
    }
}
