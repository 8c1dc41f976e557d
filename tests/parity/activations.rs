//! Every activation, from −30 to 30 (`Step` has no gradient to compare).

use nn_core::activation::{
    Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, Known, LeakyRelu, LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softmax,
    Softplus, Softsign, Tanh,
};
use nn_core::{Activation, Portable, Tensor, plain};

use crate::fixture::{File, close};

/// On samples of shape `X`.
fn check<X: Tensor, A: Activation<X>>(a: A, file: &File, case: &str) {
    let name = |tensor: &str| format!("{case}/{tensor}");
    let z = file.values::<X>(&name("z"));
    let mut y = plain::vec::<X>(z.len());
    a.forward(Portable, &z, &mut y);
    close(&name("y"), X::flatten(&y), &file.get(&name("y")));
    let mut dy = file.values::<X>(&name("dy"));
    a.backward(Portable, if A::KNOWN == Known::Output { &y } else { &z }, &mut dy);
    close(&name("dz"), X::flatten(&dy), &file.get(&name("dz")));
}

/// On vectors of `N`, with both scalars.
fn both<const N: usize, A: Activation<[f64; N]> + Activation<[f32; N]>>(a: A, file: &File, case: &str) {
    check::<[f64; N], A>(a, file, case);
    check::<[f32; N], A>(a, file, case);
}

cases! { "activations":
    identity => |file, case| both::<36, _>(Identity, file, case),
    relu => |file, case| both::<36, _>(Relu, file, case),
    relu6 => |file, case| both::<36, _>(Relu6, file, case),
    leaky_relu => |file, case| both::<36, _>(LeakyRelu(0.01), file, case),
    leaky_relu_steep => |file, case| both::<36, _>(LeakyRelu(0.2), file, case),
    elu => |file, case| both::<36, _>(Elu(1.0), file, case),
    elu_half => |file, case| both::<36, _>(Elu(0.5), file, case),
    hard_sigmoid => |file, case| both::<36, _>(HardSigmoid, file, case),
    sigmoid => |file, case| both::<36, _>(Sigmoid, file, case),
    tanh => |file, case| both::<36, _>(Tanh, file, case),
    softplus => |file, case| both::<36, _>(Softplus, file, case),
    gelu => |file, case| both::<36, _>(Gelu, file, case),
    gelu_tanh => |file, case| both::<36, _>(GeluTanh, file, case),
    silu => |file, case| both::<36, _>(Silu, file, case),
    hard_swish => |file, case| both::<36, _>(HardSwish, file, case),
    mish => |file, case| both::<36, _>(Mish, file, case),
    softsign => |file, case| both::<36, _>(Softsign, file, case),
    selu => |file, case| both::<36, _>(Selu, file, case),
    softmax => |file, case| both::<6, _>(Softmax, file, case),
    log_softmax => |file, case| both::<6, _>(LogSoftmax, file, case),
}
