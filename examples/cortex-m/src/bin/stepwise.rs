//! 64-32-10 predicts layer by layer, with something else to do in between; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::device::OnDevice;
use nn_core::{Kernels, Scratch};
use nn_firmware::Platform;
use nn_firmware::networks::Mlp;

nn_firmware::program!(run);

static NET: Mlp = Mlp::from_safetensors(include_bytes!("../../weights/mlp.safetensors"));
static X: [f32; 64] = [0.5; 64];

fn run(platform: &mut Platform<'_>) {
    let (mut y, mut others) = ([1.0; 10], 0.0);
    platform.measure(100, &mut || predict(black_box(&X), &mut y, &mut others));
    platform.numbers(&y);
    platform.numbers(&[others]);
}

#[inline(never)]
fn predict(x: &[f32; 64], y: &mut [f32; 10], others: &mut f32) {
    let mut workspace = Scratch::NEW;
    let mut run = NET.stepwise(x, y, &mut workspace).kernels(Kernels::Portable);
    while run.advance() {
        *black_box(&mut *others) += 1.0; // the radio, a watchdog
    }
}
