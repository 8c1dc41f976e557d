//! Activations, normalisations and optimizers by every instruction set that the machine has give the bits of the portable loops, whose
//! values other tests compare with definitions and with PyTorch; and `BatchNorm` is that of its definition.
#![allow(missing_docs, clippy::cast_possible_truncation)]

use nn_core::activation::{
    Activation, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Known, LeakyRelu, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softplus, Softsign,
    Step, Tanh,
};
use nn_core::layer::BatchNorm;
use nn_core::optimizer::{Adagrad, Adam, AdamW, Optimizer, RmsProp, Sgd, Update};
use nn_core::random::Stream;
use nn_core::{Heap, Kernels, Layer, Pass, Scratch, Simd, Task, Tensor, dispatch, plain};

/// Around all widths of registers, and some that are long.
fn lengths() -> impl Iterator<Item = usize> {
    (0..70).chain([100, 127, 333, 1000])
}

fn numbers(n: usize, random: &mut Stream) -> Vec<f32> {
    const FEW: [f32; 8] = [0.0, -0.0, 6.0, -3.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-40];
    (0..n).map(|i| if i % 9 == 8 { FEW[i / 9 % FEW.len()] } else { random.uniform(-7.0, 7.0) as f32 }).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| if value.is_nan() { 0 } else { value.to_bits() }).collect()
}

/// Forward, then backward of `dy`.
struct Activate<'a, A> {
    of: A,
    z: &'a [f32],
    y: &'a mut [f32],
    dy: &'a mut [f32],
}

impl<A: Activation<f32>> Task for Activate<'_, A> {
    type Output = ();
    fn run<S: Simd>(self, s: S) {
        self.of.forward(s, self.z, self.y);
        self.of.backward(s, if A::KNOWN == Known::Output { self.y } else { self.z }, self.dy);
    }
}

#[test]
fn activations_have_the_same_bits_by_all_kernels() {
    fn check<A: Activation<f32> + std::fmt::Debug>(of: A) {
        let mut random = Stream::new(&[1]);
        for n in lengths() {
            let (z, dy) = (numbers(n, &mut random), numbers(n, &mut random));
            let run = |kernels| {
                let (mut y, mut dy) = (vec![0.0; n], dy.clone());
                dispatch(kernels, Activate { of, z: &z, y: &mut y, dy: &mut dy });
                (bits(&y), bits(&dy))
            };
            for kernels in Kernels::all() {
                assert!(run(kernels) == run(Kernels::Portable), "{of:?} of {n} numbers by {}", kernels.name());
            }
        }
    }
    check(Relu);
    check(Relu6);
    check(HardSwish);
    check(Mish);
    check(Softsign);
    check(Selu);
    check(LeakyRelu(0.2));
    check(Elu(1.5));
    check(HardSigmoid);
    check(Sigmoid);
    check(Tanh);
    check(Softplus);
    check(Silu);
    check(Gelu);
    check(GeluTanh);
    check(Step);
}

#[test]
fn optimizers_have_the_same_bits_by_all_kernels() {
    fn check<O: Optimizer<f32>>(optimizer: &O) {
        let mut random = Stream::new(&[2]);
        for n in lengths() {
            let start: Vec<f32> = (0..n).map(|_| random.uniform(-1.0, 1.0) as f32).collect();
            let gradients: Vec<Vec<f32>> = (0..3).map(|_| (0..n).map(|_| random.uniform(-1.0, 1.0) as f32).collect()).collect();
            let (mut expected, mut expected_state) = (start.clone(), vec![0.0; n * O::SLOTS]);
            for (step, gradient) in (1..).zip(&gradients) {
                optimizer.update(Update { learning_rate: 0.1, step }, &mut expected, gradient, &mut expected_state);
            }
            for kernels in Kernels::all() {
                let (mut w, mut state) = (start.clone(), vec![0.0; n * O::SLOTS]);
                for (step, gradient) in (1..).zip(&gradients) {
                    optimizer.update_by(kernels, Update { learning_rate: 0.1, step }, &mut w, gradient, &mut state);
                }
                let same = bits(&w) == bits(&expected) && bits(&state) == bits(&expected_state);
                assert!(same, "{optimizer:?} of {n} numbers by {}", kernels.name());
            }
            assert!(n == 0 || expected != start);
        }
    }
    check(&Sgd::new(0.1).weight_decay(0.01));
    check(&Sgd::new(0.1).momentum(0.9));
    check(&Sgd::new(0.1).momentum(0.9).nesterov());
    check(&Adagrad::new(0.1));
    check(&RmsProp::new(0.1));
    check(&RmsProp::new(0.1).momentum(0.9));
    check(&Adam::new(0.1));
    check(&AdamW::new(0.1));
}

/// Samples of a batch.
const SAMPLES: usize = 9;
/// Of the largest number that is added up, f32's rounding and that of a few operations.
const TOLERANCE: f64 = 2e-5;

struct Both<'a, L: Layer> {
    layer: &'a L,
    x: &'a [L::Input],
    y: &'a mut [L::Output],
    dy: &'a mut [L::Output],
    dx: &'a mut [L::Input],
    gradient: &'a mut L::Gradient,
}

impl<L: Layer> Task for Both<'_, L> {
    type Output = ();
    fn run<S: Simd>(self, s: S) {
        let (mut tape, pass) = (<L::Tape<Heap> as Scratch>::new(), Pass::new(0, 1));
        self.layer.forward::<S, Heap>(s, pass, self.x, self.y, &mut tape);
        self.layer.backward::<S, Heap>(s, pass, self.x, self.y, self.dy, Some(self.dx), &mut tape, Some(self.gradient));
    }
}

fn batch_norm<const C: usize, P: Tensor<Scalar = f32>>() {
    type Values = [Vec<f32>; 4];
    let mut random = Stream::new(&[3, C as u64, P::LEN as u64]);
    let mut layer = plain::boxed::<BatchNorm<C, P>>();
    let (mut x, mut dy) = (plain::vec::<[P; C]>(SAMPLES), plain::vec::<[P; C]>(SAMPLES));
    let BatchNorm { weight, bias, .. } = &mut *layer;
    for values in [&mut weight[..], &mut bias[..], <[P; C]>::flatten_mut(&mut x), <[P; C]>::flatten_mut(&mut dy)] {
        for value in values {
            *value = random.uniform(-2.0, 2.0) as f32;
        }
    }
    let run = |kernels| -> Values {
        let (mut y, mut dx, mut copy) = (plain::vec(SAMPLES), plain::vec(SAMPLES), plain::vec(SAMPLES));
        <[P; C]>::flatten_mut(&mut copy).copy_from_slice(<[P; C]>::flatten(&dy));
        let mut gradient = plain::boxed();
        let run = Both::<BatchNorm<C, P>> { layer: &layer, x: &x, y: &mut y, dy: &mut copy, dx: &mut dx, gradient: &mut gradient };
        dispatch(kernels, run);
        [<[P; C]>::flatten(&y).to_vec(), <[P; C]>::flatten(&dx).to_vec(), gradient.weight.to_vec(), gradient.bias.to_vec()]
    };
    let portable = run(Kernels::Portable);
    for kernels in Kernels::all() {
        let same = run(kernels).iter().zip(&portable).all(|(a, b)| bits(a) == bits(b));
        assert!(same, "{C} channels of {} numbers by {}", P::LEN, kernels.name());
    }
    // By the definition, channel by channel, in f64.
    let n = (SAMPLES * P::LEN) as f64;
    let near = |what: &str, value: f32, exact: f64| {
        assert!((f64::from(value) - exact).abs() <= TOLERANCE * (1.0 + exact.abs()), "{what} of {C} channels: {value} for {exact}");
    };
    for c in 0..C {
        let places = || (0..SAMPLES).flat_map(move |s| (0..P::LEN).map(move |p| (s * C + c) * P::LEN + p));
        let (xs, dys) = (<[P; C]>::flatten(&x), <[P; C]>::flatten(&dy));
        let mean = places().map(|i| f64::from(xs[i])).sum::<f64>() / n;
        let variance = places().map(|i| (f64::from(xs[i]) - mean).powi(2)).sum::<f64>() / n;
        let deviation = (variance + 1e-5).sqrt();
        let hat = |i: usize| (f64::from(xs[i]) - mean) / deviation;
        let db: f64 = places().map(|i| f64::from(dys[i])).sum();
        let dw: f64 = places().map(|i| f64::from(dys[i]) * hat(i)).sum();
        let (w, b) = (f64::from(layer.weight[c]), f64::from(layer.bias[c]));
        let [y, dx, all_dw, all_db] = &portable;
        near("dw", all_dw[c], dw);
        near("db", all_db[c], db);
        for i in places() {
            near("y", y[i], w * hat(i) + b);
            near("dx", dx[i], w / deviation * (f64::from(dys[i]) - db / n - hat(i) * dw / n));
        }
    }
}

#[test]
fn batch_norm_is_that_of_its_definition() {
    macro_rules! channels {
        ($of:ty: $($c:literal)*) => { $(batch_norm::<$c, $of>();)* };
    }
    channels!(f32: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 24 31 32 33 48 50);
    channels!([f32; 1]: 1 16 17);
    channels!([f32; 3]: 1 2 5 16 20);
    channels!([[f32; 4]; 2]: 1 3 16 17);
    channels!([[f32; 7]; 5]: 1 2 3 6 17);
}
