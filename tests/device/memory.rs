//! Bytes of RAM, as they are said and as they are.

use nn_core::Scratch;
use nn_core::prelude::*;

use crate::{Dots, Everything};

/// Statics, as firmware has them.
static WORK: std::sync::Mutex<TrainingWorkspace<Dots>> = std::sync::Mutex::new(TrainingWorkspace::new());
static OPTIMIZER: std::sync::Mutex<OptimizerState<Dots, Adam>> = std::sync::Mutex::new(OptimizerState::new(Adam::new(1e-3)));
static NEW: std::sync::Mutex<TrainingWorkspace<Everything>> = std::sync::Mutex::new(Scratch::NEW);

#[test]
fn everything_can_be_a_static() {
    let mut net = Dots::new_boxed(1);
    let mut gradient = <Dots as Layer>::Gradient::ZEROED;
    let (mut work, mut optimizer) = (WORK.lock().expect("alone"), OPTIMIZER.lock().expect("alone"));
    let loss = net.gradient(&[0.5; 64], &[1.0; 10], &MeanSquaredError, &mut gradient, &mut work);
    optimizer.update(&mut net, &gradient);
    assert!(net.gradient(&[0.5; 64], &[1.0; 10], &MeanSquaredError, &mut gradient, &mut work) < loss);
    assert_eq!(NEW.lock().expect("alone").steps(), 0);
}

#[test]
fn ram_is_the_sum_of_what_is_there() {
    const ONLINE: usize = Dots::training_ram(Sgd::new(0.01), Online);
    assert_eq!(ONLINE, size_of::<Dots>() + size_of::<TrainingWorkspace<Dots>>());
    let adam = Everything::training_ram(Adam::new(0.01), Accumulate);
    let (net, work, gradient) =
        (size_of::<Everything>(), size_of::<TrainingWorkspace<Everything>>(), size_of::<<Everything as Layer>::Gradient>());
    assert_eq!(adam, net + work + gradient + size_of::<OptimizerState<Everything, Adam>>());
    assert!(size_of::<OptimizerState<Everything, Adam>>() >= 2 * gradient);
}

network! {
    struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(6, kernel = 5), Relu, MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5), Relu, MaxPool2d(2),
        Flatten,
        fc1: Dense(120), Relu,
        fc2: Dense(84), Relu,
        logits: Dense(10),
    }
}

/// 196 KiB are the bound, of which the stack must take little.
#[test]
fn lenet_5_trains_in_192_kib() {
    assert!(LeNet5::training_ram(Sgd::new(0.01), Online) <= 192 * 1024, "{}", LeNet5::training_ram(Sgd::new(0.01), Online));
}

/// What is left for the stack of a step of 64-32-10: 1.05 and 2.05 times the weights are the bounds.
#[test]
fn the_64_32_10_network_needs_little_more_than_its_weights() {
    let weights = size_of::<Dots>();
    assert_eq!(weights, 9640);
    assert!(Dots::training_ram(Sgd::new(0.01), Online) <= weights + 360);
    assert!(Dots::training_ram(Sgd::new(0.01), Accumulate) <= 2 * weights + 392);
}
