//! What gradients checked at moderate inputs do not show: far tails, overflow, infinities and NaN.

use super::{
    Activation, Elu, Gelu, GeluTanh, HardSigmoid, Identity, Known, LeakyRelu, LogSoftmax, Relu, Relu6, Sigmoid, Silu, Softmax, Softplus,
    Tanh,
};
use crate::{Portable, Tensor};

/// `y` and `∂y/∂z` at one point, alone in its vector.
fn at<A: Activation<[f64; 1]>>(a: A, z: f64) -> [f64; 2] {
    let (z, mut y, mut dz) = ([[z]], [[0.0]], [[1.0]]);
    a.forward(Portable, &z, &mut y);
    a.backward(Portable, if A::KNOWN == Known::Output { &y } else { &z }, &mut dz);
    [y[0][0], dz[0][0]]
}

fn assert_near(what: &str, values: [f64; 2], expected: [f64; 2]) {
    for (value, expected) in values.into_iter().zip(expected) {
        assert!((value - expected).abs() <= 2e-15 * expected.abs(), "{what}: {values:?} is not {expected:?}");
    }
}

// Expected values to 17 digits from mpmath.
#[test]
fn tails_keep_their_relative_accuracy() {
    assert_near("sigmoid(-30)", at(Sigmoid, -30.0), [9.357_622_968_839_299e-14, 9.357_622_968_838_423e-14]);
    assert_near("sigmoid(-700)", at(Sigmoid, -700.0), [9.859_676_543_759_77e-305, 9.859_676_543_759_77e-305]);
    assert_near("softplus(-30)", at(Softplus, -30.0), [9.357_622_968_839_737e-14, 9.357_622_968_839_299e-14]);
    assert_near("softplus(1000)", at(Softplus, 1000.0), [1000.0, 1.0]);
    assert_near("tanh(1e-20)", at(Tanh, 1e-20), [1e-20, 1.0]);
    assert_near("elu(-1e-12)", at(Elu::default(), -1e-12), [-9.999_999_999_995e-13, 0.999_999_999_999]);
    assert_near("silu(-30)", at(Silu, -30.0), [-2.807_286_890_651_789_6e-12, -2.713_710_660_963_133_8e-12]);
    assert_near("silu(-700)", at(Silu, -700.0), [-6.901_773_580_631_839e-302, -6.891_913_904_088_079e-302]);
    assert_near("gelu_tanh(-5)", at(GeluTanh, -5.0), [-2.291_796_196_629_506e-7, -1.546_361_987_532_594_6e-6]);
}

#[test]
fn nothing_overflows_to_nan() {
    for z in [-1e300, -1e5, -800.0, 800.0, 1e5, 1e300] {
        let all = [
            at(Identity, z),
            at(Relu, z),
            at(Relu6, z),
            at(LeakyRelu::default(), z),
            at(Elu::default(), z),
            at(HardSigmoid, z),
            at(Sigmoid, z),
            at(Tanh, z),
            at(Softplus, z),
            at(Softmax, z),
            at(LogSoftmax, z),
            at(Silu, z),
        ];
        assert!(all.as_flattened().iter().all(|y| y.is_finite()), "{z}: {all:?}");
    }
    // z³ overflows before z does.
    for z in [-1e100, -800.0, 800.0, 1e100] {
        let all = [at(Gelu, z), at(GeluTanh, z)];
        assert!(all.as_flattened().iter().all(|y| y.is_finite()), "{z}: {all:?}");
    }
}

#[test]
fn nan_stays_nan() {
    let all = [
        at(Identity, f64::NAN),
        at(Relu, f64::NAN),
        at(Relu6, f64::NAN),
        at(LeakyRelu::default(), f64::NAN),
        at(Elu::default(), f64::NAN),
        at(HardSigmoid, f64::NAN),
        at(Sigmoid, f64::NAN),
        at(Tanh, f64::NAN),
        at(Softplus, f64::NAN),
        at(Gelu, f64::NAN),
        at(GeluTanh, f64::NAN),
        at(Softmax, f64::NAN),
        at(LogSoftmax, f64::NAN),
        at(Silu, f64::NAN),
    ];
    assert!(all.iter().all(|[y, _]| y.is_nan()), "{all:?}");
    for i in 0..3 {
        let mut y = [[1.0, 2.0, 3.0]];
        y[0][i] = f64::NAN;
        Softmax.forward_in_place(Portable, &mut y);
        assert!(y[0].flat().iter().all(|y| y.is_nan()), "{y:?}");
    }
}

#[test]
fn softmax_shifts_its_input() {
    let (mut y, mut ln_y) = ([[1000.0, 1001.0, -1e9]], [[1000.0, 1001.0, -1e9]]);
    Softmax.forward_in_place(Portable, &mut y);
    LogSoftmax.forward_in_place(Portable, &mut ln_y);
    // 1 / (1 + e) and e / (1 + e)
    assert_near("softmax", [y[0][0], y[0][1]], [0.268_941_421_369_995_1, 0.731_058_578_630_004_9]);
    assert_near("log_softmax", [ln_y[0][0], ln_y[0][1]], [-1.313_261_687_518_222_8, -0.313_261_687_518_222_84]);
    assert_eq!(y[0][2], 0.0);
    assert_eq!(ln_y[0][2], -1e9 - 1_001.313_261_687_518_2);
}
