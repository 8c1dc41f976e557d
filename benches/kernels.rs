//! Dense layers and convolutions on their own: forward, the gradient by the input (`dx`) and that by the weights (`dw`), beside the plainest
//! loops that compute the same, and as a share of the multiply-adds that the core can do at that moment. Then normalisations, pools and
//! activations, beside the portable loops.
//!
//! ```text
//! cargo bench --bench kernels                   all
//! cargo bench --bench kernels -- 'dense 64'     those whose name contains this
//! ```
//!
//! Criterion's `Gelem/s` are Gflop/s: a multiply-add counts as 2.
#![allow(missing_docs, reason = "criterion's macros make public items without")]

#[path = "workloads/peak.rs"]
mod peak;

use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nn_core::activation::{Gelu, Known, LogSoftmax, Relu, Sigmoid, Softmax, Tanh};
use nn_core::layer::{AvgPool2d, BatchNorm, Conv2d, Dense, GlobalAvgPool, LayerNorm, MaxPool2d, Window2d};
use nn_core::random::Stream;
use nn_core::{Activation, Heap, Kernels, Layer, Pass, Plain, Scalar, Scratch, Simd, Task, Tensor, dispatch, plain};

fn kernels(c: &mut Criterion) {
    dense::<56, 100>(c, 32);
    dense::<100, 100>(c, 32);
    dense::<64, 32>(c, 32);
    dense::<256, 120>(c, 32);
    dense::<784, 128>(c, 64);
    dense::<784, 512>(c, 128);
    dense::<512, 512>(c, 128);
    convolution::<1, 28, 6, 24, 5>(c, 32);
    convolution::<6, 12, 16, 8, 5>(c, 32);
    convolution::<16, 18, 32, 16, 3>(c, 32);
    others(c);
}

/// What does more moving than multiplying: nanoseconds a number, forward and backward, beside plain Rust.
fn others(c: &mut Criterion) {
    layer::<BatchNorm<64>>(c, "batch norm 128 x 64", 128);
    layer::<BatchNorm<16, [[f32; 12]; 12]>>(c, "batch norm 32 x 16 x 12 x 12", 32);
    layer::<LayerNorm<[f32; 64]>>(c, "layer norm 128 x 64", 128);
    layer::<AvgPool2d<16, 12, 12, 6, 6, 2, 2>>(c, "average pool 32 x 16 x 12 x 12, 2 x 2", 32);
    layer::<GlobalAvgPool<16, [[f32; 12]; 12]>>(c, "global average pool 32 x 16 x 12 x 12", 32);
    layer::<MaxPool2d<6, 24, 24, 12, 12, 2, 2>>(c, "max pool 32 x 6 x 24 x 24, 2 x 2", 32);
    layer::<MaxPool2d<16, 8, 8, 4, 4, 2, 2>>(c, "max pool 32 x 16 x 8 x 8, 2 x 2", 32);
    layer::<MaxPool2d<16, 13, 13, 6, 6, 3, 3, Window2d<2, 2>>>(c, "max pool 32 x 16 x 13 x 13, 3 x 3, stride 2", 32);
    activation::<_, 1024>(c, "relu 32 x 1024", Relu);
    activation::<_, 1024>(c, "tanh 32 x 1024", Tanh);
    activation::<_, 1024>(c, "sigmoid 32 x 1024", Sigmoid);
    activation::<_, 1024>(c, "gelu 32 x 1024", Gelu);
    activation::<_, 10>(c, "softmax 32 x 10", Softmax);
    activation::<_, 10>(c, "log softmax 32 x 10", LogSoftmax);
    activation::<_, 1000>(c, "softmax 32 x 1000", Softmax);
}

fn layer<L: Layer<Scalar = f32>>(c: &mut Criterion, name: &str, n: usize) {
    let Case { layer, x, mut y, mut dy, mut dx, mut gradient, mut tape } = Case::<L>::new(n);
    for kernels in [Kernels::Portable, Kernels::detect()] {
        let count = (n * L::Input::LEN) as u64;
        time_numbers(c, &format!("{name} forward"), kernels.name(), count, &mut || {
            dispatch(kernels, Forward { layer: &*layer, x: &x, y: &mut y, tape: &mut tape });
            black_box(&mut *y);
        });
        time_numbers(c, &format!("{name} backward"), kernels.name(), count, &mut || {
            let (dx, gradient) = (Some(&mut dx[..]), Some(&mut *gradient));
            dispatch(kernels, Backward { layer: &*layer, x: &x, y: &y, dy: &mut dy, dx, tape: &mut tape, gradient });
            black_box(&mut *dy);
        });
    }
}

/// Backward works in place on `dy`, which is made anew each time.
fn activation<A: Activation<[f32; N]>, const N: usize>(c: &mut Criterion, name: &str, of: A) {
    let mut random = Stream::new(&[1]);
    let (mut z, mut y, mut dy) = (plain::vec::<[f32; N]>(32), plain::vec::<[f32; N]>(32), plain::vec::<[f32; N]>(32));
    z.as_flattened_mut().iter_mut().for_each(|z| *z = Scalar::from_f64(random.uniform(-4.0, 4.0)));
    for kernels in [Kernels::Portable, Kernels::detect()] {
        time_numbers(c, &format!("{name} forward"), kernels.name(), 32 * N as u64, &mut || {
            dispatch(kernels, Activate { of, z: &z, y: &mut y });
            black_box(&mut *y);
        });
        time_numbers(c, &format!("{name} backward"), kernels.name(), 32 * N as u64, &mut || {
            dy.as_flattened_mut().fill(0.5);
            dispatch(kernels, ActivateBackward { of, known: if A::KNOWN == Known::Output { &y } else { &z }, dy: &mut dy });
            black_box(&mut *dy);
        });
    }
}

struct Activate<'a, A, const N: usize> {
    of: A,
    z: &'a [[f32; N]],
    y: &'a mut [[f32; N]],
}

impl<A: Activation<[f32; N]>, const N: usize> Task for Activate<'_, A, N> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.of.forward(s, self.z, self.y);
    }
}

struct ActivateBackward<'a, A, const N: usize> {
    of: A,
    known: &'a [[f32; N]],
    dy: &'a mut [[f32; N]],
}

impl<A: Activation<[f32; N]>, const N: usize> Task for ActivateBackward<'_, A, N> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.of.backward(s, self.known, self.dy);
    }
}

fn time_numbers(c: &mut Criterion, group: &str, name: &str, count: u64, work: &mut dyn FnMut()) {
    let mut benches = c.benchmark_group(group);
    benches.throughput(Throughput::Elements(count));
    benches.bench_function(name, |bencher| bencher.iter(&mut *work));
    benches.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500)).sample_size(20);
    targets = kernels
}
criterion_main!(benches);

/// `y = W x + b`; the naive loops go output by output.
fn dense<const I: usize, const O: usize>(c: &mut Criterion, n: usize) {
    let macs = n * I * O;
    let mut case = Case::<Dense<I, O>>::new(n);
    let name = format!("dense {n} x {I} x {O}");
    let (x, w, b) = (numbers(&case.x), &case.layer.weight, &case.layer.bias);
    let mut y = vec![0.0; n * O];
    time(c, &format!("{name} forward"), "naive", macs, &mut || {
        for n in 0..n {
            for o in 0..O {
                let mut sum = b[o];
                for i in 0..I {
                    sum += w[o][i] * x[n * I + i];
                }
                y[n * O + o] = sum;
            }
        }
        black_box(&mut y);
    });
    let dy = numbers(&case.dy);
    let mut dx = vec![0.0; n * I];
    time(c, &format!("{name} dx"), "naive", macs, &mut || {
        for n in 0..n {
            for i in 0..I {
                let mut sum = 0.0;
                for o in 0..O {
                    sum += w[o][i] * dy[n * O + o];
                }
                dx[n * I + i] = sum;
            }
        }
        black_box(&mut dx);
    });
    let mut dw = plain::boxed::<Dense<I, O>>();
    time(c, &format!("{name} dw"), "naive", macs, &mut || {
        for o in 0..O {
            for i in 0..I {
                for n in 0..n {
                    dw.weight[o][i] += dy[n * O + o] * x[n * I + i];
                }
            }
            for n in 0..n {
                dw.bias[o] += dy[n * O + o];
            }
        }
        black_box(&mut dw);
    });
    case.time(c, &name, macs);
}

/// A square image and kernel; the naive loops go output by output.
fn convolution<const C: usize, const H: usize, const O: usize, const OH: usize, const K: usize>(c: &mut Criterion, n: usize) {
    let macs = n * O * OH * OH * C * K * K;
    let mut case = Case::<Conv2d<C, H, H, O, OH, OH, K, K>>::new(n);
    let name = format!("convolution {n} x {C} x {H} x {H} to {O}, {K} x {K}");
    let (x, w, b) = (&case.x, &case.layer.weight, &case.layer.bias);
    let mut y = plain::vec::<[[[f32; OH]; OH]; O]>(n);
    time(c, &format!("{name} forward"), "naive", macs, &mut || {
        each(n, O, OH, |n, o, row, column| {
            let mut sum = b[o];
            each(1, C, K, |_, c, i, j| sum += w[o][c][i][j] * x[n][c][row + i][column + j]);
            y[n][o][row][column] = sum;
        });
        black_box(&mut y);
    });
    let dy = &case.dy;
    let mut dx = plain::vec::<[[[f32; H]; H]; C]>(n);
    time(c, &format!("{name} dx"), "naive", macs, &mut || {
        plain::clear(&mut dx);
        each(n, O, OH, |n, o, row, column| {
            each(1, C, K, |_, c, i, j| dx[n][c][row + i][column + j] += w[o][c][i][j] * dy[n][o][row][column]);
        });
        black_box(&mut dx);
    });
    let mut dw = plain::boxed::<Conv2d<C, H, H, O, OH, OH, K, K>>();
    time(c, &format!("{name} dw"), "naive", macs, &mut || {
        each(n, O, OH, |n, o, row, column| {
            each(1, C, K, |_, c, i, j| dw.weight[o][c][i][j] += x[n][c][row + i][column + j] * dy[n][o][row][column]);
            dw.bias[o] += dy[n][o][row][column];
        });
        black_box(&mut dw);
    });
    case.time(c, &name, macs);
}

/// A layer with random numbers and a batch.
struct Case<L: Layer> {
    layer: Box<L>,
    x: Vec<L::Input>,
    y: Vec<L::Output>,
    dy: Vec<L::Output>,
    dx: Vec<L::Input>,
    gradient: Box<L::Gradient>,
    tape: L::Tape<Heap>,
}

impl<L: Layer<Scalar = f32>> Case<L> {
    fn new(n: usize) -> Self {
        let mut random = Stream::new(&[1]);
        let mut layer = plain::boxed::<L>();
        layer.initialize(&nn_core::init::HeUniform, &mut random);
        let (mut x, mut dy) = (plain::vec::<L::Input>(n), plain::vec::<L::Output>(n));
        for value in L::Input::flatten_mut(&mut x).iter_mut().chain(L::Output::flatten_mut(&mut dy)) {
            *value = Scalar::from_f64(random.unit());
        }
        Self { layer, x, y: plain::vec(n), dy, dx: plain::vec(n), gradient: plain::boxed(), tape: Scratch::new() }
    }

    fn time(&mut self, c: &mut Criterion, name: &str, macs: usize) {
        let Self { layer, x, y, dy, dx, gradient, tape } = self;
        let kernels = Kernels::detect();
        time(c, &format!("{name} forward"), kernels.name(), macs, &mut || {
            dispatch(kernels, Forward { layer: &**layer, x, y, tape });
            black_box(&mut *y);
        });
        time(c, &format!("{name} dx"), kernels.name(), macs, &mut || {
            dispatch(kernels, Backward { layer: &**layer, x, y, dy, dx: Some(dx), tape, gradient: None });
            black_box(&mut *dx);
        });
        time(c, &format!("{name} dw"), kernels.name(), macs, &mut || {
            dispatch(kernels, Backward { layer: &**layer, x, y, dy, dx: None, tape, gradient: Some(gradient) });
            black_box(&mut *gradient);
        });
    }
}

struct Forward<'a, L: Layer> {
    layer: &'a L,
    x: &'a [L::Input],
    y: &'a mut [L::Output],
    tape: &'a mut L::Tape<Heap>,
}

impl<L: Layer> Task for Forward<'_, L> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.layer.forward::<S, Heap>(s, Pass::new(0, 0), self.x, self.y, self.tape);
    }
}

struct Backward<'a, L: Layer> {
    layer: &'a L,
    x: &'a [L::Input],
    y: &'a [L::Output],
    dy: &'a mut [L::Output],
    dx: Option<&'a mut [L::Input]>,
    tape: &'a mut L::Tape<Heap>,
    gradient: Option<&'a mut L::Gradient>,
}

impl<L: Layer> Task for Backward<'_, L> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.layer.backward::<S, Heap>(s, Pass::new(0, 0), self.x, self.y, self.dy, self.dx, self.tape, self.gradient);
    }
}

/// Times `work`, and says how much of the core's peak its best stretch reached.
fn time(c: &mut Criterion, group: &str, name: &str, macs: usize, work: &mut dyn FnMut()) {
    let best = Cell::new(f64::INFINITY);
    let mut benches = c.benchmark_group(group);
    benches.throughput(Throughput::Elements(2 * macs as u64));
    benches.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let start = Instant::now();
            for _ in 0..times {
                work();
            }
            let taken = start.elapsed();
            best.set(best.get().min(taken.as_secs_f64() / times as f64));
            taken
        });
    });
    benches.finish();
    if best.get().is_finite() {
        let peak = peak::best_gflops();
        let gflops = 2e-9 * macs as f64 / best.get();
        println!("{:24}best:   {gflops:.1} Gflop/s, {:.1} % of the core's {peak:.0}\n", "", 100.0 * gflops / peak);
    }
}

/// All values one after another.
fn numbers<X: Tensor<Scalar = f32> + Plain>(values: &[X]) -> Vec<f32> {
    X::flatten(values).to_vec()
}

/// Four nested loops, the last two equally long.
fn each(a: usize, b: usize, side: usize, mut f: impl FnMut(usize, usize, usize, usize)) {
    for i in 0..a {
        for j in 0..b {
            for k in 0..side {
                for l in 0..side {
                    f(i, j, k, l);
                }
            }
        }
    }
}
