//! Recognises handwritten digits: a line for each row, with its label, the answer and the bits of all ten outputs.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use nn_core::{Kernels, Network};
use nn_firmware::networks::Digits;
use nn_firmware::rows::{ROWS, TO_LEARN, image, largest, pixels};
use nn_firmware::{Platform, hexadecimal};

nn_firmware::program!(run);

/// The trained network, used where it lies.
static DIGITS: Digits = {
    let mut net = Digits::from_safetensors(include_bytes!("../../weights/digits.safetensors"));
    if cfg!(feature = "wrong-bit") {
        let bias = &mut net.logits.bias[9];
        *bias = f32::from_bits(bias.to_bits() ^ 1 << 12);
    }
    net
};

fn run(platform: &mut Platform<'_>) {
    for row in ROWS.iter().skip(TO_LEARN) {
        let x = pixels(row);
        // The portable kernels on a PC too, for their bits are the same everywhere.
        let y = DIGITS.predict_with(Kernels::Portable, image(&x));

        (platform.write)(&[b'0' + row[64], b' ', b'0' + largest(&y)]);
        for y in y {
            (platform.write)(b" ");
            (platform.write)(&hexadecimal(y.to_bits()));
        }
        (platform.write)(b"\n");
    }
}
