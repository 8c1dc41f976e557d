//! Sizes by constants, const expressions and const parameters give the same networks as literals.
#![allow(missing_docs, reason = "networks for tests")]

use nn_core::Shape;
use nn_core::prelude::*;

const CHANNELS: usize = 2;
const SIDE: usize = 9;
const FILTERS: usize = 4;
const KERNEL: usize = 3;
const STRIDE: usize = 2;
const DILATION: usize = 2;
const PADDING: usize = 1;
const GROUPS: usize = 2;
const TIMES: usize = 2;
const CLASSES: usize = 3;
const RATE: f64 = 0.25;
const SLOPE: f64 = 0.2;
const EPSILON: f64 = 1e-3;

network! {
    struct Literals: [2, 9, 8] -> [3] {
        conv1: Conv2d(4, kernel = 3, padding = 1, groups = 2),
        norm: BatchNorm(epsilon = 1e-3),
        LeakyRelu(0.2),
        conv2: Conv2d(5, kernel = (3, 2), stride = (2, 1), dilation = 2, remainder = Ignore),
        depth: DepthwiseConv2d(10, kernel = 3, padding = Same),
        Relu,
        MaxPool2d((1, 2), stride = 2, remainder = Ignore),
        Concat { a: { conv: Conv2d(4, kernel = 1) }, b: { Identity } },
        Flatten,
        Dropout(0.25),
        fc1: Dense(8),
        Tanh,
        blocks: Repeat(2) { block: Residual { main: { fc: Dense(8), Tanh } } },
        fc2: Dense(3),
        Softmax,
    }
}

network! {
    struct Constants: [CHANNELS, SIDE, SIDE - 1] -> [CLASSES] {
        conv1: Conv2d(FILTERS, kernel = KERNEL, padding = PADDING, groups = GROUPS),
        norm: BatchNorm(epsilon = EPSILON),
        LeakyRelu(SLOPE),
        conv2: Conv2d(FILTERS + 1, kernel = (KERNEL, KERNEL - 1), stride = (STRIDE, 1), dilation = DILATION, remainder = Ignore),
        depth: DepthwiseConv2d(2 * (FILTERS + 1), kernel = KERNEL, padding = Same),
        Relu,
        MaxPool2d((1, STRIDE), stride = STRIDE, remainder = Ignore) -> [2 * FILTERS + 2, 2, 3],
        Concat { a: { conv: Conv2d(FILTERS, kernel = 1) }, b: { Identity } },
        Flatten,
        Dropout(RATE),
        fc1: Dense(2 * FILTERS),
        Tanh,
        blocks: Repeat(TIMES) { block: Residual { main: { fc: Dense(2 * FILTERS), Tanh } } },
        fc2: Dense(CLASSES),
        Softmax,
    }
}

/// As many numbers as a sample has, none like another.
fn numbers<X: nn_core::Tensor<Scalar = f32>>() -> X {
    let mut x = X::ZEROED;
    let mut random = Stream::new(&[5]);
    for x in x.flat_mut() {
        *x = f32::from_f64(random.normal());
    }
    x
}

#[test]
fn constants_give_the_same_network_as_literals() {
    assert_eq!(Literals::PARAMETERS, Constants::PARAMETERS);
    assert_eq!(Literals::MACS, Constants::MACS);
    let keys = |spec: &nn_core::Spec| {
        let mut keys = vec![];
        spec.visit(|leaf| keys.push((leaf.key.to_string(), leaf.shape, leaf.offset)));
        keys
    };
    assert_eq!(keys(Literals::SPEC), keys(Constants::SPEC));
    let x: [[[f32; 8]; 9]; 2] = numbers();
    let (a, b) = (Literals::new_boxed(3).predict(&x), Constants::new_boxed(3).predict(&x));
    assert_eq!(a, b);
    assert!(a[0] > 0.0 && a[0] != a[1]);
}

network! {
    /// Sizes that need no arithmetic may be parameters.
    struct Generic<const C: usize, const H: usize, const O: usize>: [C, 6, 6] -> [O] {
        conv1: Conv2d(H, kernel = 3),
        norm: BatchNorm,
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(H, kernel = 1),
        GlobalAvgPool,
        block: Residual { main: { fc: Dense(H), Gelu } },
        fc: Dense(O),
    }
}

network! {
    struct Fixed: [2, 6, 6] -> [3] {
        conv1: Conv2d(5, kernel = 3),
        norm: BatchNorm,
        Relu,
        MaxPool2d(2),
        conv2: Conv2d(5, kernel = 1),
        GlobalAvgPool,
        block: Residual { main: { fc: Dense(5), Gelu } },
        fc: Dense(3),
    }
}

network! {
    struct Around: [2, 6, 6] -> [3] {
        inner: Generic<2, 5, 3> -> [3],
    }
}

#[test]
fn const_parameters_give_the_same_network_as_literals() {
    assert_eq!(Generic::<2, 5, 3>::PARAMETERS, Fixed::PARAMETERS);
    assert_eq!(Generic::<2, 5, 3>::MACS, Fixed::MACS);
    let x: [[[f32; 6]; 6]; 2] = numbers();
    let fixed = Fixed::new_boxed(3).predict(&x);
    assert_eq!(Generic::<2, 5, 3>::new_boxed(3).predict(&x), fixed);
    assert_eq!(<Around as Layer>::INPUT, Shape::new(&[2, 6, 6]));
    assert_eq!(Around::PARAMETERS, Fixed::PARAMETERS);
}

#[test]
fn a_network_in_a_function_sees_its_constants() {
    const WIDE: usize = 6;
    network! {
        struct Local: [WIDE] -> [2] { fc1: Dense(WIDE / 2), Relu, fc2: Dense(2) }
    }
    assert_eq!(Local::PARAMETERS, 6 * 3 + 3 + 3 * 2 + 2);
    assert_eq!(Local::zeros().predict(&[1.0; WIDE]), [0.0; 2]);
}

#[test]
fn a_generic_network_trains() {
    let inputs: Vec<[[[f32; 6]; 6]; 2]> = (0..8).map(|_| numbers()).collect();
    let targets = (0..8).map(|i| Class::new(i % 3).unwrap()).collect();
    let data = Dataset::new(inputs, targets).unwrap();
    let mut net = Generic::<2, 5, 3>::new_boxed(3);
    let history = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(1e-2)).epochs(3).run().unwrap();
    assert!(history.final_epoch().train.loss.is_finite());
}
