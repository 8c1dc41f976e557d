//! 64-32-10 learns from one sample at a time, where its weights lie; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::Class;
use nn_core::device::{OnDevice, TrainingWorkspace};
use nn_core::loss::CrossEntropy;
use nn_firmware::Platform;
use nn_firmware::networks::Mlp;

nn_firmware::program!(run(
    NET: Mlp = Mlp::from_safetensors(include_bytes!("../../weights/mlp.safetensors")),
    WORK: TrainingWorkspace<Mlp> = TrainingWorkspace::new(),
));

static X: [f32; 64] = [0.5; 64];

fn run(platform: &mut Platform<'_>, net: &mut Mlp, work: &mut TrainingWorkspace<Mlp>) {
    let Some(target) = Class::new(3) else { return };
    let mut loss = 0.0;
    platform.measure(100, &mut || loss = step(net, black_box(&X), &target, work));
    platform.numbers(&[loss]);
}

#[inline(never)]
fn step(net: &mut Mlp, x: &[f32; 64], target: &Class<10>, work: &mut TrainingWorkspace<Mlp>) -> f32 {
    #[cfg(feature = "bounds-check")]
    black_box(x[black_box(64)]);
    net.step_online(x, target, &CrossEntropy, 0.01, work)
}
