//! Normalisation, dropout, means, repetition, and users' layers.

use nn_core::layer::{BatchNorm, Conv1d, Dense, Dropout, GlobalAvgPool, LayerNorm, SampleLayer, Window1d};
use nn_core::random::Stream;
use nn_core::{Pass, Plain, Portable, Real, network};

use crate::harness::{Outcome, built_in, layer, over_the_batch, uniform};

type Image<const H: usize, const W: usize> = [[f64; W]; H];

const EPSILON: u64 = 0.1f64.to_bits();

tables! {
    batch_norm {
        over_the_batch::<BatchNorm<1, f64>>,
        over_the_batch::<BatchNorm<2, f64>>,
        over_the_batch::<BatchNorm<5, f64>>,
        over_the_batch::<BatchNorm<16, f64, EPSILON>>,
        over_the_batch::<BatchNorm<17, f64, EPSILON>>, // more than one block of channels
        over_the_batch::<BatchNorm<35, f64, EPSILON>>,
        over_the_batch::<BatchNorm<1, [f64; 7]>>,
        over_the_batch::<BatchNorm<3, [f64; 4]>>,
        over_the_batch::<BatchNorm<1, Image<1, 1>>>,
        over_the_batch::<BatchNorm<2, Image<2, 3>>>,
        over_the_batch::<BatchNorm<3, Image<5, 5>, EPSILON>>,
        over_the_batch::<BatchNorm<18, Image<2, 2>>>,
        over_the_batch::<BatchNorm<4, Image<1, 9>>>,
    }
    layer_norm {
        built_in::<LayerNorm<[f64; 2], EPSILON>>,
        built_in::<LayerNorm<[f64; 3]>>,
        built_in::<LayerNorm<[f64; 4]>>,
        built_in::<LayerNorm<[f64; 5], EPSILON>>,
        built_in::<LayerNorm<[f64; 8]>>,
        built_in::<LayerNorm<[f64; 9]>>,
        built_in::<LayerNorm<[f64; 16]>>,
        built_in::<LayerNorm<[f64; 21]>>,
        built_in::<LayerNorm<Image<1, 7>>>,
        built_in::<LayerNorm<Image<3, 4>>>,
        built_in::<LayerNorm<[Image<3, 3>; 2]>>,
        built_in::<LayerNorm<[Image<2, 5>; 3], EPSILON>>,
    }
    global_avg_pool {
        built_in::<GlobalAvgPool<1, [f64; 1]>>,
        built_in::<GlobalAvgPool<1, [f64; 5]>>,
        built_in::<GlobalAvgPool<2, [f64; 8]>>,
        built_in::<GlobalAvgPool<3, [f64; 17]>>,
        built_in::<GlobalAvgPool<7, [f64; 2]>>,
        built_in::<GlobalAvgPool<1, Image<1, 1>>>,
        built_in::<GlobalAvgPool<1, Image<4, 4>>>,
        built_in::<GlobalAvgPool<2, Image<3, 5>>>,
        built_in::<GlobalAvgPool<4, Image<2, 2>>>,
        built_in::<GlobalAvgPool<5, Image<1, 9>>>,
        built_in::<GlobalAvgPool<16, Image<3, 1>>>,
        built_in::<GlobalAvgPool<3, Image<6, 7>>>,
    }
    dropout {
        masks::<1>,
        masks::<2>,
        masks::<3>,
        masks::<4>,
        masks::<5>,
        masks::<6>,
        masks::<7>,
        masks::<8>,
        masks::<16>,
        masks::<33>,
        masks::<64>,
        masks::<100>,
    }
    repeat {
        built_in::<[Dense<1, 1, f64>; 1]>,
        built_in::<[Dense<1, 1, f64>; 2]>,
        built_in::<[Dense<1, 1, f64>; 3]>,
        built_in::<[Dense<2, 2, f64>; 4]>,
        built_in::<[Dense<3, 3, f64, 0>; 1]>,
        built_in::<[Dense<3, 3, f64, 0>; 2]>,
        built_in::<[Dense<4, 4, f64>; 3]>,
        built_in::<[LayerNorm<[f64; 6], EPSILON>; 2]>,
        built_in::<[Conv1d<2, 6, 2, 6, 3, Window1d<1, 1, 1>, f64>; 2]>,
        built_in::<[[Dense<3, 3, f64>; 2]; 2]>,
        over_the_batch::<[BatchNorm<3, f64, EPSILON>; 1]>,
        over_the_batch::<[BatchNorm<2, [f64; 4], EPSILON>; 1]>,
    }
    sample {
        layer::<Bend<1>>,
        layer::<Bend<2>>,
        layer::<Bend<3>>,
        layer::<Bend<4>>,
        layer::<Bend<5>>,
        layer::<Bend<8>>,
        layer::<Bend<13>>,
        layer::<Bend<20>>,
        layer::<[Bend<1>; 2]>,
        layer::<[Bend<2>; 3]>,
        layer::<[Bend<3>; 2]>,
        layer::<[Bend<7>; 2]>,
        layer::<BendThenTanh>,
        layer::<BendFirst>,
        layer::<BendLast>,
        layer::<BendAgain>,
        layer::<BendAside>,
        layer::<FrozenBend>,
    }
}

// A layer that reads its output, in every place of a network: what comes after it may not work in place there.
network! { #[scalar(f64)] struct BendThenTanh: [3] -> [2] { a: Dense(4), bend: Bend<4> -> [4], Tanh, b: Dense(2) } }
network! { #[scalar(f64)] struct BendFirst: [4] -> [2] { bend: Bend<4> -> [4], Gelu, b: Dense(2) } }
network! { #[scalar(f64)] struct BendLast: [3] -> [4] { a: Dense(4), Tanh, bend: Bend<4> -> [4], Sigmoid } }
network! { #[scalar(f64)] struct BendAgain: [3] -> [3] { blocks: Repeat(2) { bend: Bend<3> -> [3], Tanh, fc: Dense(3) } } }
network! { #[scalar(f64)] struct BendAside: [3] -> [6] {
    block: Residual { main: { bend: Bend<3> -> [3] } },
    Concat { a: { bent: Bend<3> -> [3], Tanh }, b: { fc: Dense(3) } },
} }
network! { #[scalar(f64)] struct FrozenBend: [3] -> [2] { a: Dense(4), #[frozen] bend: Bend<4> -> [4], Tanh, b: Dense(2) } }

/// The backward pass multiplies by the forward pass's mask: what ones become is the slope.
fn masks<const N: usize>(seed: u64) -> Outcome {
    for rate in [0.0, 0.3, 0.5, 0.9, 1.0] {
        let (dropout, pass) = (Dropout::new(rate), Pass::new(seed, 7));
        let mut slope = [[1.0; N]; 3];
        dropout.forward_in_place(Portable, pass, &mut slope);
        let mut dy = [[0.0; N]; 3];
        uniform(&mut Stream::new(&[seed]), dy.as_flattened_mut());
        let mut dx = dy;
        dropout.backward(Portable, pass, &mut dx);
        for ((dx, dy), slope) in dx.iter().flatten().zip(dy.iter().flatten()).zip(slope.iter().flatten()) {
            let scale = if *slope == 0.0 { 0.0 } else { 1.0 / (1.0 - rate) };
            if (dx - dy * scale).abs() > 1e-15 * dy.abs() * scale || (slope - scale).abs() > 1e-15 * scale {
                return Err(format!("rate {rate}: dx = {dx}, dy = {dy}, slope = {slope}"));
            }
        }
        let mut frozen = dy;
        dropout.forward_in_place(Portable, pass.frozen(), &mut frozen);
        if frozen != dy {
            return Err(format!("rate {rate}: frozen, it drops"));
        }
    }
    Ok(())
}

/// `y[i] = a[i] / (1 + (b x[i])²)`, as a user would write it; keeps `1 / (1 + (b x[i])²)`, and reads `y`.
#[derive(Plain)]
#[repr(C)]
struct Bend<const N: usize> {
    a: [f64; N],
    b: f64,
    #[plain(state)]
    unused: f64,
    uses: u64,
}

impl<const N: usize> SampleLayer for Bend<N> {
    type Input = [f64; N];
    type Output = [f64; N];
    type Kind = Real;
    type Saved = [f64; N];

    fn infer(&self, x: &[f64; N], y: &mut [f64; N]) {
        self.forward(x, y, &mut [0.0; N]);
    }

    fn forward(&self, x: &[f64; N], y: &mut [f64; N], saved: &mut [f64; N]) {
        for i in 0..N {
            saved[i] += 1.0 / (1.0 + (self.b * x[i]) * (self.b * x[i]));
            y[i] += self.a[i] * saved[i];
        }
    }

    fn backward(&self, x: &[f64; N], y: &[f64; N], saved: &[f64; N], dy: &[f64; N], dx: &mut [f64; N], gradient: &mut Self) {
        for i in 0..N {
            let slope = -2.0 * self.b * y[i] * saved[i] * dy[i];
            gradient.a[i] += saved[i] * dy[i];
            gradient.b += slope * x[i] * x[i];
            dx[i] += slope * self.b * x[i];
        }
    }
}
