//! The kernels against the sums of their definitions, written one after the other with indices that are computed while running.

use nn_core::layer::window::{Axis, Plane};
use nn_core::layer::{AvgPool2d, Conv1d, Conv2d, Dense, DepthwiseConv2d, MaxPool1d, MaxPool2d, Window1d, Window2d};
use nn_core::random::Stream;
use nn_core::{
    Compact, Heap, Kernels, Layer, Network, Pass, Plain, Portable, Scalar, Scratch, Simd, Task, Tensor, dispatch, network, plain,
};

/// One more than a dense layer takes at a time.
const SAMPLES: usize = 5;

/// A batch run through a layer: everything flat, in f64.
struct Ran {
    x: Vec<f64>,
    y: Vec<f64>,
    dy: Vec<f64>,
    dx: Vec<f64>,
    /// The layer's and its gradient's numbers: weights, then biases.
    parameters: Vec<f64>,
    gradient: Vec<f64>,
}

fn to_f64<X: Tensor>(values: &[X]) -> Vec<f64> {
    X::flatten(values).iter().map(|value| value.to_f64()).collect()
}

fn numbers<T: Scalar, P: Plain>(value: &P) -> Vec<f64> {
    let len = size_of::<P>() / size_of::<T>();
    plain::part::<P, T>(value, 0, len).map_or(vec![], |values| values.iter().map(|value| value.to_f64()).collect())
}

fn draw<X: Tensor>(samples: usize, random: &mut Stream) -> Vec<X> {
    let mut values = plain::vec(samples);
    for value in X::flatten_mut(&mut values) {
        *value = X::Scalar::from_f64(2.0 * random.unit() - 1.0);
    }
    values
}

fn run<L: Layer>(kernels: Kernels, seed: u64) -> Ran {
    let mut random = Stream::new(&[seed]);
    let mut layer = plain::boxed::<L>();
    let len = size_of::<L>() / size_of::<L::Scalar>();
    for value in plain::part_mut::<L, L::Scalar>(&mut layer, 0, len).unwrap_or(&mut []) {
        *value = L::Scalar::from_f64(2.0 * random.unit() - 1.0);
    }
    let (x, mut dy) = (draw::<L::Input>(SAMPLES, &mut random), draw::<L::Output>(SAMPLES, &mut random));
    if kernels == Kernels::Portable {
        for n in [1, SAMPLES] {
            assert!(bits(Portable, &*layer, &x[..n], &dy[..n]) == bits(Compact, &*layer, &x[..n], &dy[..n]), "compact, {n} samples");
        }
    }
    run_on(kernels, &*layer, &x, &mut dy)
}

fn copied<X: Tensor>(values: &[X]) -> Vec<X> {
    let mut own = plain::vec(values.len());
    X::flatten_mut(&mut own).copy_from_slice(X::flatten(values));
    own
}

fn of_each<T: Plain>(values: &[T]) -> Vec<u8> {
    values.iter().flat_map(|value| plain::bytes(value).to_vec()).collect()
}

/// The bits of a batch's outputs, of its inputs' gradients and of the parameters', and of the parameters after a step in place.
fn bits<L: Layer, S: Simd>(s: S, layer: &L, x: &[L::Input], dy: &[L::Output]) -> [Vec<u8>; 6] {
    let mut own_dy = copied(dy);
    let (mut y, mut dx, mut inferred) = (plain::vec(x.len()), plain::vec(x.len()), plain::vec(x.len()));
    let mut gradient = plain::boxed::<L::Gradient>();
    let mut tape = <L::Tape<Heap> as Scratch>::new();
    layer.infer::<_, Heap>(s, x, &mut inferred, &mut Scratch::new());
    Both { layer, x, y: &mut y, dy: &mut own_dy, dx: &mut dx, tape: &mut tape, gradient: &mut gradient }.run(s);

    let (mut stepped, mut dx_of_step) = (plain::boxed::<L>(), plain::vec(1));
    plain::bytes_mut(&mut *stepped).copy_from_slice(plain::bytes(layer));
    L::Output::flatten_mut(&mut own_dy).copy_from_slice(L::Output::flatten(dy));
    let (rate, pass) = (L::Scalar::from_f64(0.3), Pass::new(0, 0));
    stepped.forward::<_, Heap>(s, pass, &x[..1], &mut y[..1], &mut tape);
    stepped.descend::<_, Heap>(s, pass, &x[..1], &y[..1], &mut own_dy[..1], Some(&mut dx_of_step), &mut tape, rate);
    stepped.descend::<_, Heap>(s, pass, &x[..1], &y[..1], &mut own_dy[..1], None, &mut tape, rate);

    let (gradient, stepped) = (plain::bytes(&*gradient).to_vec(), plain::bytes(&*stepped).to_vec());
    [of_each(&inferred), of_each(&y), of_each(&dx), gradient, of_each(&dx_of_step), stepped]
}

fn run_on<L: Layer>(kernels: Kernels, layer: &L, x: &[L::Input], dy: &mut [L::Output]) -> Ran {
    let (mut y, mut dx) = (plain::vec(x.len()), plain::vec(x.len()));
    let mut gradient = plain::boxed::<L::Gradient>();
    let mut tape = <L::Tape<Heap> as Scratch>::new();
    let weights = to_f64(dy);
    dispatch(kernels, Both { layer, x, y: &mut y, dy, dx: &mut dx, tape: &mut tape, gradient: &mut gradient });
    Ran {
        x: to_f64(x),
        y: to_f64(&y),
        dy: weights,
        dx: to_f64(&dx),
        parameters: numbers::<L::Scalar, _>(layer),
        gradient: numbers::<L::Scalar, _>(&*gradient),
    }
}

/// Forward, then backward.
struct Both<'a, L: Layer> {
    layer: &'a L,
    x: &'a [L::Input],
    y: &'a mut [L::Output],
    dy: &'a mut [L::Output],
    dx: &'a mut [L::Input],
    tape: &'a mut L::Tape<Heap>,
    gradient: &'a mut L::Gradient,
}

impl<L: Layer> Task for Both<'_, L> {
    type Output = ();
    fn run<S: Simd>(self, s: S) {
        let pass = Pass::new(0, 0);
        self.layer.forward::<_, Heap>(s, pass, self.x, self.y, self.tape);
        self.layer.backward::<_, Heap>(s, pass, self.x, self.y, self.dy, Some(self.dx), self.tape, Some(self.gradient));
    }
}

/// A sum by its definition, and the sum of sizes, which its rounding may be compared with.
#[derive(Clone, Copy, Default)]
struct Sum {
    value: f64,
    size: f64,
}

impl Sum {
    fn add(&mut self, term: f64) {
        self.value += term;
        self.size += term.abs();
    }
}

fn check<T: Scalar>(what: &str, given: &[f64], sums: &[Sum]) {
    let epsilon = if size_of::<T>() == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    assert_eq!(given.len(), sums.len(), "{what}");
    for (i, (given, sum)) in given.iter().zip(sums).enumerate() {
        let gap = (given - sum.value).abs();
        assert!(gap <= 16.0 * epsilon * sum.size, "{what}[{i}]: {given:e}, by definition {:e}", sum.value);
    }
}

fn dense<const I: usize, const O: usize, T: Scalar, const B: usize>(kernels: Kernels, seed: u64) {
    let ran = run::<Dense<I, O, T, B>>(kernels, seed);
    let (w, b) = ran.parameters.split_at(I * O);
    let (mut y, mut dx) = (vec![Sum::default(); SAMPLES * O], vec![Sum::default(); SAMPLES * I]);
    let mut gradient = vec![Sum::default(); I * O + B];
    for n in 0..SAMPLES {
        for o in 0..O {
            let dy = ran.dy[n * O + o];
            for i in 0..I {
                let x = ran.x[n * I + i];
                y[n * O + o].add(w[o * I + i] * x);
                dx[n * I + i].add(w[o * I + i] * dy);
                gradient[o * I + i].add(dy * x);
            }
            if B > 0 {
                y[n * O + o].add(b[o]);
                gradient[I * O + o].add(dy);
            }
        }
    }
    check::<T>("y", &ran.y, &y);
    check::<T>("dx", &ran.dx, &dx);
    check::<T>("gradient", &ran.gradient, &gradient);
}

/// The sizes of a convolution or pool, with one row where it has no height.
struct Sizes {
    c: usize,
    h: usize,
    w: usize,
    o: usize,
    oh: usize,
    ow: usize,
    kh: usize,
    kw: usize,
    /// Input channels of a group.
    g: usize,
}

/// Calls `visit(y, w, x)` with the index of the output, weight and input of each product of one sample.
fn products<Rows: Axis, Columns: Axis>(s: &Sizes, mut visit: impl FnMut(usize, usize, usize)) {
    let per_group = s.o / (s.c / s.g);
    let place = |output: usize, stride: usize, tap: usize, dilation: usize, before: usize, inputs: usize| {
        (output * stride + tap * dilation).checked_sub(before).filter(|i| *i < inputs)
    };
    for o in 0..s.o {
        for oy in 0..s.oh {
            for ox in 0..s.ow {
                for g in 0..s.g {
                    for ky in 0..s.kh {
                        for kx in 0..s.kw {
                            let iy = place(oy, Rows::STRIDE, ky, Rows::DILATION, Rows::BEFORE, s.h);
                            let ix = place(ox, Columns::STRIDE, kx, Columns::DILATION, Columns::BEFORE, s.w);
                            if let (Some(iy), Some(ix)) = (iy, ix) {
                                let c = o / per_group * s.g + g;
                                visit((o * s.oh + oy) * s.ow + ox, ((o * s.g + g) * s.kh + ky) * s.kw + kx, (c * s.h + iy) * s.w + ix);
                            }
                        }
                    }
                }
            }
        }
    }
}

fn convolution<L: Layer, Rows: Axis, Columns: Axis>(s: &Sizes, kernels: Kernels, seed: u64) {
    let ran = run::<L>(kernels, seed);
    let (inputs, outputs, weights) = (s.c * s.h * s.w, s.o * s.oh * s.ow, s.o * s.g * s.kh * s.kw);
    let (w, b) = ran.parameters.split_at(weights);
    let (mut y, mut dx) = (vec![Sum::default(); SAMPLES * outputs], vec![Sum::default(); SAMPLES * inputs]);
    let mut gradient = vec![Sum::default(); ran.gradient.len()];
    for n in 0..SAMPLES {
        for i in 0..outputs {
            if let Some(b) = b.get(i / (s.oh * s.ow)) {
                y[n * outputs + i].add(*b);
                gradient[weights + i / (s.oh * s.ow)].add(ran.dy[n * outputs + i]);
            }
        }
        products::<Rows, Columns>(s, |i, k, j| {
            y[n * outputs + i].add(w[k] * ran.x[n * inputs + j]);
            dx[n * inputs + j].add(w[k] * ran.dy[n * outputs + i]);
            gradient[k].add(ran.dy[n * outputs + i] * ran.x[n * inputs + j]);
        });
    }
    check::<L::Scalar>("y", &ran.y, &y);
    check::<L::Scalar>("dx", &ran.dx, &dx);
    check::<L::Scalar>("gradient", &ran.gradient, &gradient);
}

fn conv2d<
    const C: usize,
    const H: usize,
    const W: usize,
    const O: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win: Plane,
    T: Scalar,
    const G: usize,
    const B: usize,
>(
    kernels: Kernels,
    seed: u64,
) {
    let s = Sizes { c: C, h: H, w: W, o: O, oh: OH, ow: OW, kh: KH, kw: KW, g: G };
    convolution::<Conv2d<C, H, W, O, OH, OW, KH, KW, Win, T, G, B>, Win::Rows, Win::Columns>(&s, kernels, seed);
}

fn depthwise<
    const C: usize,
    const H: usize,
    const W: usize,
    const O: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win: Plane,
    T: Scalar,
>(
    kernels: Kernels,
    seed: u64,
) {
    let s = Sizes { c: C, h: H, w: W, o: O, oh: OH, ow: OW, kh: KH, kw: KW, g: 1 };
    convolution::<DepthwiseConv2d<C, H, W, O, OH, OW, KH, KW, Win, T>, Win::Rows, Win::Columns>(&s, kernels, seed);
}

fn conv1d<
    const C: usize,
    const L: usize,
    const O: usize,
    const OL: usize,
    const K: usize,
    Win: Axis,
    T: Scalar,
    const G: usize,
    const B: usize,
>(
    kernels: Kernels,
    seed: u64,
) {
    let s = Sizes { c: C, h: 1, w: L, o: O, oh: 1, ow: OL, kh: 1, kw: K, g: G };
    convolution::<Conv1d<C, L, O, OL, K, Win, T, G, B>, Window1d, Win>(&s, kernels, seed);
}

fn pools<
    const C: usize,
    const H: usize,
    const W: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Win: Plane,
    T: Scalar,
>(
    kernels: Kernels,
    seed: u64,
) {
    // A pool reads each channel on its own, as a depthwise convolution does.
    let s = Sizes { c: C, h: H, w: W, o: C, oh: OH, ow: OW, kh: KH, kw: KW, g: 1 };
    let (inputs, outputs) = (C * H * W, C * OH * OW);

    let ran = run::<AvgPool2d<C, H, W, OH, OW, KH, KW, Win, T>>(kernels, seed);
    let share = 1.0 / (KH * KW) as f64;
    let (mut y, mut dx) = (vec![Sum::default(); SAMPLES * outputs], vec![Sum::default(); SAMPLES * inputs]);
    for n in 0..SAMPLES {
        products::<Win::Rows, Win::Columns>(&s, |i, _, j| {
            y[n * outputs + i].add(share * ran.x[n * inputs + j]);
            dx[n * inputs + j].add(share * ran.dy[n * outputs + i]);
        });
    }
    check::<T>("y", &ran.y, &y);
    check::<T>("dx", &ran.dx, &dx);

    let ran = run::<MaxPool2d<C, H, W, OH, OW, KH, KW, Win, T>>(kernels, seed);
    let mut dx = vec![Sum::default(); SAMPLES * inputs];
    for n in 0..SAMPLES {
        let mut largest: Vec<Option<usize>> = vec![None; outputs];
        products::<Win::Rows, Win::Columns>(&s, |i, _, j| {
            if largest[i].is_none_or(|at| ran.x[n * inputs + j] > ran.x[n * inputs + at]) {
                largest[i] = Some(j);
            }
        });
        for (i, at) in largest.iter().enumerate() {
            let at = at.expect("every window holds an input");
            assert!(ran.y[n * outputs + i] == ran.x[n * inputs + at], "y[{i}]");
            dx[n * inputs + at].add(ran.dy[n * outputs + i]);
        }
    }
    check::<T>("dx", &ran.dx, &dx);
}

network! {
    struct Pooled: [2, 11, 13] -> [3] {
        conv1: Conv2d(6, kernel = 3, padding = Same), Relu, MaxPool2d(2, remainder = Ignore),
        conv2: Conv2d(8, kernel = 2, groups = 2, bias = false), MaxPool2d(2, remainder = Ignore), Tanh,
        Flatten, fc: Dense(3),
    }
}

network! {
    struct PooledLast: [1, 12, 40] -> [7, 5, 19] { conv: Conv2d(7, kernel = 3), MaxPool2d(2) }
}

network! {
    struct PooledFrozen: [1, 10, 10] -> [2] {
        #[frozen]
        conv1: Conv2d(3, kernel = 3), Relu, MaxPool2d(2),
        conv2: Conv2d(1, kernel = 1), MaxPool2d(2), Flatten, fc: Dense(2),
    }
}

network! {
    struct PooledOtherwise: [2, 19, 20] -> [2] {
        conv1: Conv2d(4, kernel = 3, stride = 2, dilation = 2, padding = 1, remainder = Ignore), MaxPool2d(2, remainder = Ignore),
        conv2: Conv2d(3, kernel = 2), MaxPool2d(2, stride = 1),
        Flatten, fc: Dense(2),
    }
}

/// A convolution and the pool behind it, which fast kernels compute as one, in networks: as one after the other.
#[test]
fn pairs_of_layers() {
    pairs::<Pooled>();
    pairs::<PooledLast>();
    pairs::<PooledFrozen>();
    pairs::<PooledOtherwise>();
}

fn pairs<N: Network<Scalar = f32>>() {
    let mut random = Stream::new(&[11]);
    let net = N::new_boxed(5);
    for samples in [1, 2, 3, 4, 5, 15, 16, 19, 40] {
        let (x, dy) = (draw::<N::Input>(samples, &mut random), draw::<N::Output>(samples, &mut random));
        assert!(bits(Portable, &*net, &x, &dy) == bits(Compact, &*net, &x, &dy), "compact, {samples} samples");
        let all = |kernels| {
            let ran = run_on(kernels, &*net, &x, &mut copied(&dy));
            let (mut inferred, mut stepped) = (plain::vec::<N::Output>(samples), plain::boxed::<N>());
            stepped.copy_from(&net);
            dispatch(kernels, InUse { layer: &mut *stepped, x: &x, y: &mut inferred, dy: &mut copied(&dy[..1]) });
            [ran.y, ran.dx, ran.gradient, to_f64(&inferred), numbers::<f32, _>(&*stepped)]
        };
        let expected = all(Kernels::Portable);
        for kernels in Kernels::all() {
            for (what, (fast, portable)) in ["y", "dx", "gradient", "prediction", "step"].iter().zip(all(kernels).iter().zip(&expected)) {
                for (i, (fast, portable)) in fast.iter().zip(portable).enumerate() {
                    assert!((fast - portable).abs() <= 2e-5 * (1.0 + portable.abs()), "{what}[{i}] of {samples}: {fast} for {portable}");
                }
            }
        }
    }
}

/// A prediction, and a step in place by the first sample.
struct InUse<'a, L: Layer> {
    layer: &'a mut L,
    x: &'a [L::Input],
    y: &'a mut [L::Output],
    dy: &'a mut [L::Output],
}

impl<L: Layer> Task for InUse<'_, L> {
    type Output = ();
    fn run<S: Simd>(self, s: S) {
        self.layer.infer::<S, Heap>(s, self.x, self.y, &mut Scratch::new());
        let (mut tape, mut y) = (<L::Tape<Heap> as Scratch>::new(), plain::vec(1));
        let (rate, pass) = (L::Scalar::from_f64(0.3), Pass::new(0, 0));
        self.layer.forward::<S, Heap>(s, pass, &self.x[..1], &mut y, &mut tape);
        self.layer.descend::<S, Heap>(s, pass, &self.x[..1], &y, self.dy, None, &mut tape, rate);
    }
}

/// Each function with each list of sizes, for every instruction set, in f32 and in f64; the seed follows from its place.
macro_rules! sizes {
    ($name:ident: $function:ident { $(($($before:tt),*; $($after:tt),*)),* $(,)? }) => {
        #[test]
        fn $name() {
            for kernels in Kernels::all() {
                let mut seed = 0;
                $(
                    seed += 1;
                    sizes!(@call $function, f32, kernels, seed, [$($before),*], [$($after),*]);
                    sizes!(@call $function, f64, kernels, seed, [$($before),*], [$($after),*]);
                )*
            }
        }
    };
    (@call $function:ident, $scalar:ident, $kernels:ident, $seed:ident, [$($before:tt),*], [$($after:tt),*]) => {
        $function::<$($before,)* $scalar, $($after),*>($kernels, $seed)
    };
}

/// Stride, padding and dilation, under short names: the macro takes single tokens.
type V = Window2d;
type Same = Window2d<1, 1, 1, 1, 1, 1>;
type Same5 = Window2d<1, 1, 2, 2, 2, 2>;
type Half = Window2d<2, 2>;
type HalfPadded = Window2d<2, 2, 1, 1, 1, 1>;
type Dilated = Window2d<1, 1, 0, 0, 0, 0, 2, 2>;
type Mixed = Window2d<3, 2, 1, 0, 2, 1, 1, 2>;
type Wide = Window2d<1, 1, 4, 4, 4, 4>;
type V1 = Window1d;
type Causal = Window1d<1, 4, 0>;
type Causal2 = Window1d<1, 8, 0, 4>;
type Half1 = Window1d<2, 1, 1>;
type Third1 = Window1d<3, 2, 0, 2>;

sizes!(dense_layers: dense {
    (1, 1; 1), (3, 2; 2), (7, 5; 0), (8, 4; 4), (15, 6; 6), (16, 3; 3), (17, 9; 9), (23, 8; 0), (24, 1; 1), (64, 10; 10), (84, 10; 10),
    (100, 33; 33), (256, 120; 120), (784, 12; 12),
});

sizes!(convolutions: conv2d {
    (1, 1, 1, 1, 1, 1, 1, 1, V; 1, 1), (1, 28, 28, 6, 24, 24, 5, 5, V; 1, 6), (6, 12, 12, 16, 8, 8, 5, 5, V; 6, 16),
    (1, 8, 8, 8, 6, 6, 3, 3, V; 1, 8), (3, 8, 8, 5, 8, 8, 3, 3, Same; 3, 0), (2, 9, 17, 3, 9, 17, 5, 5, Same5; 2, 3),
    (4, 10, 11, 7, 4, 5, 3, 3, Half; 4, 7), (4, 9, 18, 8, 5, 9, 3, 3, HalfPadded; 2, 8), (4, 9, 20, 8, 5, 10, 3, 3, HalfPadded; 1, 8),
    (2, 9, 13, 3, 5, 9, 3, 3, Dilated; 2, 3), (2, 11, 19, 6, 4, 9, 3, 3, Mixed; 1, 0), (1, 2, 3, 2, 6, 7, 5, 5, Wide; 1, 2),
    (7, 3, 3, 11, 3, 3, 1, 1, V; 7, 11), (3, 4, 33, 2, 3, 32, 2, 2, V; 3, 2), (5, 5, 4, 4, 5, 4, 3, 3, Same; 5, 4),
    (3, 2, 40, 1, 2, 40, 3, 3, Same; 3, 1), (1, 3, 17, 5, 1, 15, 3, 3, V; 1, 5), (2, 4, 25, 2, 3, 23, 2, 3, V; 1, 0),
});

sizes!(depthwise_convolutions: depthwise {
    (1, 5, 5, 1, 3, 3, 3, 3, V;), (5, 8, 8, 5, 8, 8, 3, 3, Same;), (3, 9, 17, 6, 9, 17, 5, 5, Same5;), (4, 9, 18, 4, 5, 9, 3, 3, HalfPadded;),
    (2, 11, 19, 6, 4, 9, 3, 3, Mixed;), (2, 9, 13, 10, 5, 9, 3, 3, Dilated;),
});

sizes!(convolutions_over_sequences: conv1d {
    (1, 7, 1, 5, 3, V1; 1, 1), (8, 64, 16, 64, 5, Causal; 8, 16), (3, 20, 5, 20, 3, Causal2; 3, 5), (4, 33, 6, 17, 3, Half1; 2, 0),
    (6, 29, 3, 9, 3, Third1; 2, 3), (2, 100, 3, 96, 5, V1; 2, 3), (9, 3, 2, 3, 5, Causal; 9, 2),
});

sizes!(pools_of_images: pools {
    (1, 2, 2, 1, 1, 2, 2, Half;), (6, 24, 24, 12, 12, 2, 2, Half;), (16, 8, 8, 4, 4, 2, 2, Half;), (2, 7, 35, 3, 17, 2, 2, Half;), (3, 9, 9, 4, 4, 3, 3, Half;),
    (2, 7, 18, 4, 9, 3, 3, HalfPadded;), (3, 8, 8, 8, 8, 3, 3, Same;), (2, 11, 19, 4, 9, 3, 3, Mixed;), (1, 9, 13, 5, 9, 3, 3, Dilated;),
});

#[test]
#[allow(clippy::float_cmp, reason = "zeros and small whole numbers")]
fn the_first_of_equal_maxima_gets_the_gradient() {
    let ran =
        run_on(Kernels::Portable, &MaxPool1d::<1, 6, 2, 3, Window1d<3>>::ZEROED, &[[[2.0, 2.0, 1.0, 0.0, 5.0, 5.0]]], &mut [[[1.0, 10.0]]]);
    assert_eq!(ran.y, [2.0, 5.0]);
    assert_eq!(ran.dx, [1.0, 0.0, 0.0, 0.0, 10.0, 0.0]);
}

#[test]
fn nan_wins_over_every_maximum_and_the_last_one_gets_the_gradient() {
    let x = [[[1.0, f32::NAN, f32::NAN, 9.0, 3.0, f32::INFINITY, 2.0, 1.0]]];
    let ran = run_on(Kernels::Portable, &MaxPool1d::<1, 8, 2, 4, Window1d<4>>::ZEROED, &x, &mut [[[1.0, 10.0]]]);
    assert!(ran.y[0].is_nan() && ran.y[1] == f64::INFINITY);
    assert_eq!(ran.dx, [0.0, 0.0, 1.0, 0.0, 0.0, 10.0, 0.0, 0.0]);
}

#[test]
fn padding_is_never_a_maximum() {
    let layer = MaxPool1d::<1, 4, 3, 3, Window1d<2, 1, 2>>::ZEROED;
    let ran = run_on(Kernels::Portable, &layer, &[[[f32::NEG_INFINITY; 4]]], &mut [[[1.0, 10.0, 100.0]]]);
    assert_eq!(ran.y, [f64::NEG_INFINITY; 3]);
    assert_eq!(ran.dx, [1.0, 10.0, 0.0, 100.0], "the first input of each window");
}

#[test]
fn what_lies_beyond_a_row_does_not_leak_into_it() {
    // Padding is read from the neighbouring rows and dropped: also where they hold no numbers.
    let mut layer = plain::boxed::<Conv2d<1, 3, 8, 1, 3, 8, 3, 3, Window2d<1, 1, 1, 1, 1, 1>>>();
    layer.weight = [[[[0.0; 3], [1.0; 3], [0.0; 3]]]];
    let mut x = [[[1.0_f32; 8]; 3]];
    x[0][0] = [f32::NAN; 8];
    x[0][2] = [f32::NAN; 8];
    let mut y = vec![[[[0.0; 8]; 3]]];
    layer.weight[0][0][0] = [0.0; 3];
    layer.infer::<_, Heap>(Portable, &[x], &mut y, &mut ());
    assert!(y[0][0][1].iter().all(|y| y.is_nan()), "0 · NaN of the rows above and below is NaN");
    let mut row = plain::boxed::<Conv1d<3, 8, 3, 8, 3, Window1d<1, 1, 1>, f32, 1>>();
    row.weight = [[[1.0; 3]]; 3];
    let mut y = vec![[[0.0; 8]; 3]];
    row.infer::<_, Heap>(Portable, &x, &mut y, &mut ());
    assert_eq!(y[0][1], [2.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 2.0]);
}
