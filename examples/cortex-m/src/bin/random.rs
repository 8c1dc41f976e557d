//! Ten thousand inputs drawn from a seed, through inference: a line with the checksum of all outputs for each hundred.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use nn_core::random::Stream;
use nn_core::{Kernels, Network};
use nn_firmware::networks::{Digits, MlpWithSoftmax};
use nn_firmware::rows::image;
use nn_firmware::{Platform, checksum, hexadecimal};

nn_firmware::program!(run);

static DIGITS: Digits = Digits::from_safetensors(include_bytes!("../../weights/digits.safetensors"));
static MLP: MlpWithSoftmax = MlpWithSoftmax::from_safetensors(include_bytes!("../../weights/mlp.safetensors"));

fn run(platform: &mut Platform<'_>) {
    let mut random = Stream::new(&[1]);
    for hundred in 0..100 {
        let mut sum = 0;
        for _ in 0..100 {
            let mut x = [0.0; 64];
            for x in &mut x {
                // From -2 to 2, more than pixels have.
                *x = (random.bits() >> 8) as f32 / (1 << 22) as f32 - 2.0;
            }
            sum ^= checksum(&MLP.predict_with(Kernels::Portable, &x));
            // The convolutions take ten times as long: every tenth.
            if hundred % 10 == 0 {
                sum ^= checksum(&DIGITS.predict_with(Kernels::Portable, image(&x))).rotate_left(1);
            }
        }
        (platform.write)(&hexadecimal(sum));
        (platform.write)(b"\n");
    }
}
