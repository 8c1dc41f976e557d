//! Recognises handwritten digits: a line for each row, with its label, the answer and the bits of all ten outputs.
#![cfg_attr(target_os = "none", no_std, no_main)]

mod flash;
mod network;

use flash::{DIGITS, ROWS};
use nn_core::{Kernels, Network};
use nn_firmware::{Platform, decimal, hexadecimal};

nn_firmware::program!(run);

fn run(platform: &mut Platform<'_>) {
    let mut time = 0;
    for row in ROWS {
        let x = flash::input(row);
        let begin = (platform.clock)();
        // The portable kernels on a PC too, for their bits are the same everywhere.
        let y = DIGITS.predict_with(Kernels::Portable, &x);
        time += (platform.clock)() - begin;

        (platform.write)(&[b'0' + row[64], b' ', b'0' + largest(&y)]);
        for y in y {
            (platform.write)(b" ");
            (platform.write)(&hexadecimal(y.to_bits()));
        }
        (platform.write)(b"\n");
    }
    if cfg!(target_os = "none") {
        (platform.write)(b"# ticks ");
        (platform.write)(&decimal(time));
        (platform.write)(b"\n");
    }
}

/// Where the largest output is.
fn largest(y: &[f32; 10]) -> u8 {
    let mut best = (0, f32::NEG_INFINITY);
    for (class, y) in (0..).zip(y) {
        if *y > best.1 {
            best = (class, *y);
        }
    }
    best.0
}
