//! 64-32-10: the logits of handwritten digits of 8 × 8 pixels; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::{Network, Scratch};
use nn_firmware::Platform;
use nn_firmware::networks::Mlp;

nn_firmware::program!(run);

static NET: Mlp = Mlp::from_safetensors(include_bytes!("../../weights/mlp.safetensors"));
static X: [f32; 64] = [0.5; 64];

fn run(platform: &mut Platform<'_>) {
    let mut y = [1.0; 10];
    platform.measure(100, &mut || predict(black_box(&X), &mut y));
    platform.numbers(&y);
}

#[inline(never)]
fn predict(x: &[f32; 64], y: &mut [f32; 10]) {
    NET.predict_into(x, y, &mut Scratch::new());
}
