//! LeNet-5 learns in full from one sample at a time; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::device::{OnDevice, TrainingWorkspace};
use nn_core::loss::CrossEntropy;
use nn_core::{Class, Plain};
use nn_firmware::Platform;
use nn_firmware::networks::LeNet5;

nn_firmware::program!(run(
    // Zeros: what a step costs does not depend on the weights, and 177 KB of them need not lie in flash.
    NET: LeNet5 = LeNet5::ZEROED,
    WORK: TrainingWorkspace<LeNet5> = TrainingWorkspace::new(),
));

static X: [[[f32; 28]; 28]; 1] = [[[0.5; 28]; 28]];

fn run(platform: &mut Platform<'_>, net: &mut LeNet5, work: &mut TrainingWorkspace<LeNet5>) {
    let Some(target) = Class::new(3) else { return };
    let mut loss = 0.0;
    platform.measure(2, &mut || loss = step(net, black_box(&X), &target, work));
    platform.numbers(&[loss]);
}

#[inline(never)]
fn step(net: &mut LeNet5, x: &[[[f32; 28]; 28]; 1], target: &Class<10>, work: &mut TrainingWorkspace<LeNet5>) -> f32 {
    net.step_online(x, target, &CrossEntropy, 0.01, work)
}
