//! A program that does nothing: what the others cost is counted over it.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_firmware::Platform;

nn_firmware::program!(run);

static X: [f32; 1] = [0.5];

fn run(platform: &mut Platform<'_>) {
    let mut y = [1.0; 1];
    platform.measure(100, &mut || nothing(black_box(&X), &mut y));
    platform.numbers(&y);
}

#[inline(never)]
fn nothing(x: &[f32; 1], y: &mut [f32; 1]) {
    *y = *x;
}
