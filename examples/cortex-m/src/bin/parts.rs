//! Runs every function of `Scalar`, and every layer, activation, loss and optimizer, forwards, backwards and in use, on numbers drawn from
//! a seed, and writes a checksum of each result's bits: what differs between a board and a PC shows which kernel does it.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use nn_core::activation::{
    Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, LeakyRelu, LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softmax,
    Softplus, Softsign, Step, Tanh,
};
use nn_core::init::{Fan, Initializer};
use nn_core::layer::{
    AvgPool1d, AvgPool2d, BatchNorm, Conv1d, Conv2d, Dense, DepthwiseConv2d, Dropout, EveryStep, GlobalAvgPool, Gru, Last, LastStep,
    LayerNorm, Lstm, MaxPool1d, MaxPool2d, MeanOfSteps, Rnn, Transpose, Window1d, Window2d,
};
use nn_core::loss::{
    BinaryCrossEntropy, BinaryCrossEntropyOfProbabilities, CrossEntropy, CrossEntropyOfProbabilities, HalfSquaredError, Hinge, Huber, Loss,
    MeanAbsoluteError, MeanSquaredError, NegativeLogLikelihood,
};
use nn_core::optimizer::{Adagrad, Adam, AdamW, Clip, Optimizer, RmsProp, Sgd, Update, sum_of_squares};
use nn_core::random::Stream;
use nn_core::{
    Activation, Bernoulli, Class, Kind, Layer, LogProbabilities, One, Pass, Plain, Probabilities, Real, Scalar, Scratch, Tensor,
};
use nn_firmware::{Platform, checksum, hexadecimal, mix};

#[cfg(feature = "size")]
const KERNELS: nn_core::Compact = nn_core::Compact;
#[cfg(not(feature = "size"))]
const KERNELS: nn_core::Portable = nn_core::Portable;

nn_firmware::program!(run);

fn run(platform: &mut Platform<'_>) {
    functions::<f32>(platform, b"f32");
    functions::<f64>(platform, b"f64");
    layer::<Dense<19, 11>>(platform, b"dense");
    layer::<Dense<19, 11, f32, 0>>(platform, b"dense without bias");
    layer::<Dense<7, 5, f64>>(platform, b"dense f64");
    layer::<Conv1d<4, 17, 6, 9, 3, Window1d<2, 1, 1, 1>, f32, 2>>(platform, b"conv1d");
    layer::<Conv2d<3, 8, 8, 4, 8, 8, 3, 3, Window2d<1, 1, 1, 1, 1, 1>>>(platform, b"conv2d");
    layer::<Conv2d<2, 9, 7, 3, 4, 3, 3, 3, Window2d<2, 2>>>(platform, b"conv2d stride");
    layer::<DepthwiseConv2d<3, 6, 6, 6, 6, 6, 3, 3, Window2d<1, 1, 1, 1, 1, 1>>>(platform, b"depthwise_conv2d");
    layer::<MaxPool1d<3, 8, 4, 2, Window1d<2>>>(platform, b"max_pool1d");
    layer::<MaxPool2d<3, 6, 6, 3, 3, 2, 2, Window2d<2, 2>>>(platform, b"max_pool2d");
    layer::<AvgPool1d<3, 8, 4, 2, Window1d<2>>>(platform, b"avg_pool1d");
    layer::<AvgPool2d<3, 6, 6, 2, 2, 3, 3, Window2d<3, 3>>>(platform, b"avg_pool2d");
    layer::<GlobalAvgPool<5, [[f32; 3]; 4]>>(platform, b"global_avg_pool");
    layer::<BatchNorm<5, [[f32; 3]; 4]>>(platform, b"batch_norm");
    layer::<LayerNorm<[[f32; 3]; 4]>>(platform, b"layer_norm");
    layer::<[Dense<6, 6>; 3]>(platform, b"repeat");
    layer::<Rnn<5, 3, 6>>(platform, b"rnn");
    layer::<Gru<5, 3, 7>>(platform, b"gru");
    layer::<Gru<4, 3, 2, LastStep, 4, 2, 1>>(platform, b"gru stacked both ways");
    layer::<Lstm<5, 3, 7>>(platform, b"lstm");
    layer::<Lstm<4, 3, 2, EveryStep, 4, 2, 1>>(platform, b"lstm stacked both ways");
    layer::<Last<5, 3>>(platform, b"last");
    layer::<MeanOfSteps<5, 3>>(platform, b"mean_of_steps");
    layer::<Transpose<5, 3>>(platform, b"transpose");
    activation(platform, b"identity", Identity);
    activation(platform, b"step", Step);
    activation(platform, b"relu", Relu);
    activation(platform, b"relu6", Relu6);
    activation(platform, b"leaky_relu", LeakyRelu(0.01));
    activation(platform, b"elu", Elu(1.0));
    activation(platform, b"hard_sigmoid", HardSigmoid);
    activation(platform, b"hard_swish", HardSwish);
    activation(platform, b"mish", Mish);
    activation(platform, b"softsign", Softsign);
    activation(platform, b"selu", Selu);
    activation(platform, b"sigmoid", Sigmoid);
    activation(platform, b"tanh", Tanh);
    activation(platform, b"softplus", Softplus);
    activation(platform, b"gelu", Gelu);
    activation(platform, b"gelu_tanh", GeluTanh);
    activation(platform, b"silu", Silu);
    activation(platform, b"softmax", Softmax);
    activation(platform, b"log_softmax", LogSoftmax);
    dropout(platform);
    loss::<Real, _>(platform, b"mean_squared_error", MeanSquaredError);
    loss::<Real, _>(platform, b"half_squared_error", HalfSquaredError);
    loss::<Real, _>(platform, b"mean_absolute_error", MeanAbsoluteError);
    loss::<Real, _>(platform, b"huber", Huber(1.0));
    loss::<Real, _>(platform, b"hinge", Hinge);
    loss::<Real, _>(platform, b"binary_cross_entropy", BinaryCrossEntropy);
    loss::<Bernoulli, _>(platform, b"binary_cross_entropy_of_probabilities", BinaryCrossEntropyOfProbabilities);
    class_loss::<Real, _>(platform, b"cross_entropy", CrossEntropy);
    class_loss::<Real, _>(platform, b"hinge of classes", Hinge);
    class_loss::<Probabilities, _>(platform, b"cross_entropy_of_probabilities", CrossEntropyOfProbabilities);
    class_loss::<LogProbabilities, _>(platform, b"negative_log_likelihood", NegativeLogLikelihood);
    optimizer(platform, b"sgd", Sgd::new(0.1));
    optimizer(platform, b"sgd with momentum", Sgd::new(0.1).momentum(0.9));
    optimizer(platform, b"adagrad", Adagrad::new(0.1));
    optimizer(platform, b"rms_prop", RmsProp::new(0.01));
    optimizer(platform, b"rms_prop with momentum", RmsProp::new(0.01).momentum(0.9));
    optimizer(platform, b"adam", Adam::new(0.01));
    optimizer(platform, b"adam_w", AdamW::new(0.01));
}

/// `name`, then a checksum of each result.
fn line(platform: &mut Platform<'_>, name: &[u8], results: &[u32]) {
    (platform.write)(name);
    for result in results {
        (platform.write)(b" ");
        (platform.write)(&hexadecimal(*result));
    }
    (platform.write)(b"\n");
}

/// Weights in [-1, 1).
struct Symmetric;

impl Initializer for Symmetric {
    fn fill<T: Scalar>(&self, weight: &mut [T], _: Fan, random: &mut Stream) {
        for w in weight {
            *w = T::from_f64(2.0 * random.unit() - 1.0);
        }
    }
}

/// Numbers in [-scale, scale).
fn draw<X: Tensor>(scale: f64, random: &mut Stream) -> X {
    let mut x = X::ZEROED;
    for x in x.flat_mut() {
        *x = X::Scalar::from_f64(scale * (2.0 * random.unit() - 1.0));
    }
    x
}

/// Each function at numbers of all magnitudes.
#[inline(never)]
fn functions<T: Scalar>(platform: &mut Platform<'_>, name: &[u8]) {
    let mut sums = [0; 8];
    for (sum, function) in sums.iter_mut().zip([T::sqrt, T::exp, T::ln, T::ln_1p, T::tanh, T::erf, T::sin, T::cos]) {
        let mut random = Stream::new(&[3]);
        for scale in [1e-9, 1e-4, 0.1, 1.0, 10.0, 80.0] {
            for x in draw::<[T; 16]>(scale, &mut random) {
                let y = function(x);
                // Which of the many NaNs the logarithm of a negative number is, nobody reads.
                *sum = mix(*sum, &if y.is_finite() { y } else { T::ZERO });
            }
        }
    }
    line(platform, name, &sums);
}

#[inline(never)]
fn layer<L: Layer>(platform: &mut Platform<'_>, name: &[u8]) {
    let mut random = Stream::new(&[1]);
    let mut layer = L::ZEROED;
    layer.initialize(&Symmetric, &mut random);
    let x: [L::Input; 1] = [draw(1.0, &mut random)];
    let mut dy: [L::Output; 1] = [draw(1.0, &mut random)];
    let mut y = [L::Output::ZEROED];
    let mut dx = [L::Input::ZEROED];
    let mut gradient = L::Gradient::ZEROED;
    let pass = Pass::new(1, 2);

    layer.infer::<_, One>(KERNELS, &x, &mut y, &mut Scratch::new());
    let infer = checksum(&y);
    let mut tape = L::Tape::<One>::new();
    layer.forward::<_, One>(KERNELS, pass, &x, &mut y, &mut tape);
    let forward = checksum(&y);
    layer.backward::<_, One>(KERNELS, pass, &x, &y, &mut dy, Some(&mut dx), &mut tape, Some(&mut gradient));
    layer.finish::<One>(pass, &tape);
    line(platform, name, &[infer, forward, checksum(&dx), checksum(&gradient), checksum(&layer)]);
}

#[inline(never)]
fn activation<A: Activation<[f32; 64]>>(platform: &mut Platform<'_>, name: &[u8], activation: A) {
    let mut random = Stream::new(&[2]);
    let z: [[f32; 64]; 1] = [draw(8.0, &mut random)];
    let mut dy: [[f32; 64]; 1] = [draw(1.0, &mut random)];
    let mut y = z;
    activation.forward_in_place(KERNELS, &mut y);
    let known = match A::KNOWN {
        nn_core::activation::Known::Input => &z,
        nn_core::activation::Known::Output => &y,
    };
    activation.backward(KERNELS, known, &mut dy);
    line(platform, name, &[checksum(&y), checksum(&dy)]);
}

#[inline(never)]
fn dropout(platform: &mut Platform<'_>) {
    let mut y: [[f32; 64]; 1] = [[1.0; 64]];
    Dropout::new(0.5).forward_in_place(KERNELS, Pass::new(1, 2), &mut y);
    line(platform, b"dropout", &[checksum(&y)]);
}

/// Outputs between 0 and 1, which all kinds of losses take.
fn outputs(random: &mut Stream) -> [[f32; 10]; 3] {
    draw::<[[f32; 10]; 3]>(0.45, random).map(|y| y.map(|y| y + 0.5))
}

#[inline(never)]
fn loss<K: Kind, L: Loss<K, [f32; 10], [f32; 10]>>(platform: &mut Platform<'_>, name: &[u8], loss: L) {
    let mut random = Stream::new(&[4]);
    let (y, targets, mut dy) = (outputs(&mut random), outputs(&mut random), [[0.0; 10]; 3]);
    let sums = loss.batch(&y, &targets, Some(&[1.0, 0.5, 2.0]), &mut dy);
    line(platform, name, &[checksum(&sums.loss), checksum(&dy)]);
}

#[inline(never)]
fn class_loss<K: Kind, L: Loss<K, [f32; 10], Class<10>>>(platform: &mut Platform<'_>, name: &[u8], loss: L) {
    let (Some(two), Some(nine)) = (Class::new(2), Class::new(9)) else { return };
    let mut random = Stream::new(&[5]);
    let (y, mut dy) = (outputs(&mut random), [[0.0; 10]; 3]);
    let sums = loss.batch(&y, &[two, nine, two], None, &mut dy);
    line(platform, name, &[checksum(&sums.loss), checksum(&dy)]);
}

#[inline(never)]
fn optimizer<O: Optimizer<f32>>(platform: &mut Platform<'_>, name: &[u8], optimizer: O) {
    let mut random = Stream::new(&[6]);
    let mut w: [f32; 24] = draw(1.0, &mut random);
    let mut state = [0.0; 48];
    for step in 1..4 {
        let mut gradient: [f32; 24] = draw(1.0, &mut random);
        Clip::by_norm(2.0).apply(Scalar::sqrt(sum_of_squares(&gradient)), &mut gradient);
        let update = Update { learning_rate: optimizer.learning_rate(), step };
        let slots = O::SLOTS * w.len();
        optimizer.update(update, &mut w, &gradient, state.get_mut(..slots).unwrap_or_default());
    }
    line(platform, name, &[checksum(&w), checksum(&state)]);
}
