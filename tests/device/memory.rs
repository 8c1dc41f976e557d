//! Bytes of RAM, as they are said and as they are.

use nn_core::prelude::*;
use nn_core::{One, Portable, plain};

use crate::{Dots, Everything, draw};

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

network! {
    struct Head: [1, 28, 28] -> [10] {
        #[frozen]
        conv1: Conv2d(6, kernel = 5), Relu, MaxPool2d(2),
        #[frozen]
        conv2: Conv2d(16, kernel = 5), Relu, MaxPool2d(2),
        Flatten,
        #[frozen]
        fc1: Dense(120), Relu,
        #[frozen]
        fc2: Dense(84), Relu,
        logits: Dense(10),
    }
}

network! {
    struct Body: [1, 28, 28] -> [84] {
        conv1: Conv2d(6, kernel = 5), Relu, MaxPool2d(2),
        conv2: Conv2d(16, kernel = 5), Relu, MaxPool2d(2),
        Flatten,
        fc1: Dense(120), Relu,
        fc2: Dense(84), Relu,
    }
}

network! {
    struct OnBody: [1, 28, 28] -> [10] {
        #[frozen]
        body: Body -> [84],
        logits: Dense(10),
    }
}

/// Beside its output and its workspace in use, a frozen body takes nothing.
#[test]
fn a_head_alone_needs_the_memory_of_inference() {
    let in_use = size_of::<<Head as Layer>::Workspace<One>>();
    assert!(size_of::<<Head as Layer>::Tape<One>>() <= in_use + 84 * 4, "{}", size_of::<<Head as Layer>::Tape<One>>());
    let in_use = size_of::<<Body as Layer>::Workspace<One>>();
    assert!(size_of::<<OnBody as Layer>::Tape<One>>() <= in_use + 2 * 84 * 4, "{}", size_of::<<OnBody as Layer>::Tape<One>>());
    assert_eq!(size_of::<<Head as Layer>::Gradient>(), 850 * 4);
    assert!(Head::training_ram(Adam::new(1e-3), Accumulate) < size_of::<Head>() + 40_000);
}

/// The head of a frozen body learns as if the body were another network before it; `dx` goes through the body all the same.
#[test]
fn a_head_learns_and_its_body_stays() {
    let mut random = nn_core::random::Stream::new(&[13]);
    let (mut net, mut nested) = (Head::new_boxed(1), OnBody::new_boxed(2));
    nested.logits.weight = net.logits.weight;
    for (to, from) in [
        (plain::bytes_mut(&mut nested.body.conv1), plain::bytes(&net.conv1)),
        (plain::bytes_mut(&mut nested.body.conv2), plain::bytes(&net.conv2)),
        (plain::bytes_mut(&mut nested.body.fc1), plain::bytes(&net.fc1)),
        (plain::bytes_mut(&mut nested.body.fc2), plain::bytes(&net.fc2)),
    ] {
        to.copy_from_slice(from);
    }
    let mut body = Body::new_boxed(3);
    plain::bytes_mut(&mut *body).copy_from_slice(plain::bytes(&nested.body));
    let (mut work, mut other) = (TrainingWorkspace::new(), TrainingWorkspace::new());
    for step in 0..10 {
        let (x, target) = (draw(&mut random), Class::new(step % 10).expect("one of ten"));
        let by = |y: &[f32; 10], dy: &mut [f32; 10]| (true, Loss::<Real, _, _>::gradient(&CrossEntropy, y, &target, dy));
        let (mut dx, mut nested_dx) = (Plain::ZEROED, Plain::ZEROED);
        // What the chain rule gives, layer by layer.
        let features = body.predict_with(Kernels::Portable, &x);
        let (mut y, mut dy) = ([0.0; 10], [0.0; 10]);
        net.logits.infer::<_, One>(Portable, &[features], std::slice::from_mut(&mut y), &mut ());
        by(&y, &mut dy);
        let features_dy: [f32; 84] = std::array::from_fn(|i| (0..10).map(|o| net.logits.weight[o][i] * dy[o]).sum());
        let (mut body_dx, mut ignored): ([[[f32; 28]; 28]; 1], _) = (Plain::ZEROED, plain::boxed());
        body.gradient_from(
            &x,
            |_, dy| {
                *dy = features_dy;
                (true, ())
            },
            Some(&mut body_dx),
            &mut ignored,
            &mut TrainingWorkspace::new(),
        );

        let loss = net.step_online_from(&x, by, Some(&mut dx), 0.1, &mut work);
        assert_eq!(loss, nested.step_online_from(&x, by, Some(&mut nested_dx), 0.1, &mut other));
        assert_eq!(dx, nested_dx);
        let largest = body_dx[0].as_flattened().iter().fold(0.0, |largest: f32, dx| largest.max(dx.abs()));
        for (dx, expected) in dx[0].as_flattened().iter().zip(body_dx[0].as_flattened()) {
            assert!((dx - expected).abs() <= 1e-5 * largest, "{dx} is not {expected}");
        }
    }
    assert_eq!(plain::bytes(&nested.body), plain::bytes(&*body));
    assert_eq!(plain::bytes(&net.logits), plain::bytes(&nested.logits));
    assert_ne!(net.logits.bias, [0.0; 10]);
}
