//! Runs every layer and activation forwards, backwards and in use, on numbers drawn from a seed, and writes a checksum of each result's
//! bits: what differs between a board and a PC shows which kernel does it.
#![cfg_attr(target_os = "none", no_std, no_main)]

use nn_core::activation::{
    Elu, Gelu, GeluTanh, HardSigmoid, Identity, LeakyRelu, LogSoftmax, Relu, Relu6, Sigmoid, Silu, Softmax, Softplus, Step, Tanh,
};
use nn_core::init::{Fan, Initializer};
use nn_core::layer::{
    AvgPool1d, AvgPool2d, BatchNorm, Conv1d, Conv2d, Dense, DepthwiseConv2d, Dropout, GlobalAvgPool, LayerNorm, MaxPool1d, MaxPool2d,
    Window1d, Window2d,
};
use nn_core::random::Stream;
use nn_core::{Activation, Layer, One, Pass, Plain, Portable, Scalar, Scratch, Tensor, plain};
use nn_firmware::{Platform, hexadecimal};

nn_firmware::program!(run);

fn run(platform: &mut Platform<'_>) {
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
    activation(platform, b"identity", Identity);
    activation(platform, b"step", Step);
    activation(platform, b"relu", Relu);
    activation(platform, b"relu6", Relu6);
    activation(platform, b"leaky_relu", LeakyRelu(0.01));
    activation(platform, b"elu", Elu(1.0));
    activation(platform, b"hard_sigmoid", HardSigmoid);
    activation(platform, b"sigmoid", Sigmoid);
    activation(platform, b"tanh", Tanh);
    activation(platform, b"softplus", Softplus);
    activation(platform, b"gelu", Gelu);
    activation(platform, b"gelu_tanh", GeluTanh);
    activation(platform, b"silu", Silu);
    activation(platform, b"softmax", Softmax);
    activation(platform, b"log_softmax", LogSoftmax);
    dropout(platform);
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

/// FNV-1a (Fowler, Noll, Vo) over the bytes of a value.
fn checksum<T: Plain>(value: &T) -> u32 {
    plain::bytes(value).iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
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

    layer.infer::<_, One>(Portable, &x, &mut y, &mut Scratch::new());
    let infer = checksum(&y);
    let mut tape = L::Tape::<One>::new();
    layer.forward::<_, One>(Portable, pass, &x, &mut y, &mut tape);
    let forward = checksum(&y);
    layer.backward::<_, One>(Portable, pass, &x, &y, &mut dy, Some(&mut dx), &mut tape, Some(&mut gradient));
    layer.finish::<One>(pass, &tape);
    line(platform, name, &[infer, forward, checksum(&dx), checksum(&gradient), checksum(&layer)]);
}

#[inline(never)]
fn activation<A: Activation<[f32; 64]>>(platform: &mut Platform<'_>, name: &[u8], activation: A) {
    let mut random = Stream::new(&[2]);
    let z: [[f32; 64]; 1] = [draw(8.0, &mut random)];
    let mut dy: [[f32; 64]; 1] = [draw(1.0, &mut random)];
    let mut y = z;
    activation.forward_in_place(Portable, &mut y);
    let known = match A::KNOWN {
        nn_core::activation::Known::Input => &z,
        nn_core::activation::Known::Output => &y,
    };
    activation.backward(Portable, known, &mut dy);
    line(platform, name, &[checksum(&y), checksum(&dy)]);
}

#[inline(never)]
fn dropout(platform: &mut Platform<'_>) {
    let mut y: [[f32; 64]; 1] = [[1.0; 64]];
    Dropout::new(0.5).forward_in_place(Portable, Pass::new(1, 2), &mut y);
    line(platform, b"dropout", &[checksum(&y)]);
}
