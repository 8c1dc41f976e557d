//! 1-16-16-1: the sine of a number; to be measured.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::{Network, Scratch};
use nn_firmware::Platform;
use nn_firmware::networks::Sine;

nn_firmware::program!(run);

static NET: Sine = Sine::from_safetensors(include_bytes!("../../weights/sine.safetensors"));
static X: [f32; 1] = [0.5; 1];

fn run(platform: &mut Platform<'_>) {
    let mut y = [1.0; 1];
    platform.measure(100, &mut || predict(black_box(&X), &mut y));
    platform.numbers(&y);
}

#[inline(never)]
fn predict(x: &[f32; 1], y: &mut [f32; 1]) {
    NET.predict_into(x, y, &mut Scratch::new());
}
