//! 64-32-10 learns from gradients that are added up; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::device::{OnDevice, OptimizerState, TrainingWorkspace};
use nn_core::loss::CrossEntropy;
use nn_core::optimizer::Sgd;
use nn_core::{Class, Layer, Plain};
use nn_firmware::Platform;
use nn_firmware::networks::Mlp;

nn_firmware::program!(run(
    NET: Mlp = Mlp::from_safetensors(include_bytes!("../../weights/mlp.safetensors")),
    GRADIENT: Gradient = Gradient::ZEROED,
    OPTIMIZER: OptimizerState<Mlp, Sgd> = OptimizerState::new(Sgd::new(0.01)),
    WORK: TrainingWorkspace<Mlp> = TrainingWorkspace::new(),
));

type Gradient = <Mlp as Layer>::Gradient;

static X: [f32; 64] = [0.5; 64];

fn run(
    platform: &mut Platform<'_>,
    net: &mut Mlp,
    gradient: &mut Gradient,
    optimizer: &mut OptimizerState<Mlp, Sgd>,
    work: &mut TrainingWorkspace<Mlp>,
) {
    let Some(target) = Class::new(3) else { return };
    let mut loss = 0.0;
    platform.measure(100, &mut || loss = step(net, black_box(&X), &target, gradient, optimizer, work));
    platform.numbers(&[loss]);
}

/// An update after each sample; a batch calls `gradient` more often than `update`.
#[inline(never)]
fn step(
    net: &mut Mlp,
    x: &[f32; 64],
    target: &Class<10>,
    gradient: &mut Gradient,
    optimizer: &mut OptimizerState<Mlp, Sgd>,
    work: &mut TrainingWorkspace<Mlp>,
) -> f32 {
    let loss = net.gradient(x, target, &CrossEntropy, gradient, work);
    optimizer.update(net, gradient);
    gradient.clear();
    loss
}
