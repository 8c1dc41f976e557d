//! 64-32-10 learns from gradients that are added up; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::device::{OnDevice, OptimizerState, TrainingWorkspace};
use nn_core::loss::CrossEntropy;
use nn_core::optimizer::Sgd;
use nn_core::{Class, Layer, Plain, plain};
use nn_firmware::networks::Mlp;
use nn_firmware::{Owned, Platform};

nn_firmware::program!(run);

type Gradient = <Mlp as Layer>::Gradient;

static NET: Owned<Mlp> = Owned::new(Mlp::from_safetensors(include_bytes!("../../weights/mlp.safetensors")));
static WORK: Owned<TrainingWorkspace<Mlp>> = Owned::new(TrainingWorkspace::new());
static GRADIENT: Owned<Gradient> = Owned::new(Gradient::ZEROED);
static OPTIMIZER: Owned<OptimizerState<Mlp, Sgd>> = Owned::new(OptimizerState::new(Sgd::new(0.01)));
static X: [f32; 64] = [0.5; 64];

fn run(platform: &mut Platform<'_>) {
    let (Some(net), Some(work), Some(target)) = (NET.take(), WORK.take(), Class::new(3)) else { return };
    let (Some(gradient), Some(optimizer)) = (GRADIENT.take(), OPTIMIZER.take()) else { return };
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
    plain::clear(core::slice::from_mut(gradient));
    loss
}
