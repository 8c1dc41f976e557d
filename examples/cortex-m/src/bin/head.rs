//! The head of 64-32-10 learns online over a body that stays in flash; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::device::{OnDevice, TrainingWorkspace};
use nn_core::loss::CrossEntropy;
use nn_core::{Class, Plain};
use nn_firmware::Platform;
use nn_firmware::networks::Head;

nn_firmware::program!(run(
    NET: Head = Head::ZEROED,
    WORK: TrainingWorkspace<Head> = TrainingWorkspace::new(),
));

static X: [f32; 64] = [0.5; 64];

fn run(platform: &mut Platform<'_>, net: &mut Head, work: &mut TrainingWorkspace<Head>) {
    let Some(target) = Class::new(3) else { return };
    let mut loss = 0.0;
    platform.measure(100, &mut || loss = step(net, black_box(&X), &target, work));
    platform.numbers(&[loss]);
    platform.numbers(&net.logits.bias);
}

#[inline(never)]
fn step(net: &mut Head, x: &[f32; 64], target: &Class<10>, work: &mut TrainingWorkspace<Head>) -> f32 {
    net.step_online(x, target, &CrossEntropy, 0.01, work)
}
