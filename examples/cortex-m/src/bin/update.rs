//! 64-32-10 takes weights that came over the air into RAM; a damaged file and one of another network are refused. To be measured: loading once.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use core::hint::black_box;

use nn_core::Plain;
use nn_core::file::{Fault, Safetensors, WeightsError};
use nn_firmware::networks::Mlp;
use nn_firmware::{Platform, checksum};

nn_firmware::program!(run(NET: Mlp = Mlp::ZEROED));

/// What was received.
static RECEIVED: &[u8] = include_bytes!("../../weights/mlp.safetensors");
/// Another network's.
static FOREIGN: &[u8] = include_bytes!("../../weights/sine.safetensors");

fn run(platform: &mut Platform<'_>, net: &mut Mlp) {
    let mut refused = 0;
    platform.measure(10, &mut || refused = load(net, black_box(RECEIVED)));
    platform.words(&[refused, checksum(net)]);

    let cut_off = RECEIVED.split_last().map_or(RECEIVED, |(_, rest)| rest);
    for file in [cut_off, FOREIGN, &[]] {
        let refused = load(net, black_box(file));
        platform.words(&[refused, checksum(net)]);
    }
}

/// What was refused, as firmware without text reports it: a kind, and how many faults there are.
#[inline(never)]
fn load(net: &mut Mlp, file: &[u8]) -> u32 {
    match net.load_safetensors_bytes(file) {
        Ok(()) => 0,
        Err(WeightsError::Header(_)) => 1 << 8,
        Err(WeightsError::Tensors { faults, .. }) => {
            let is_cut_off = faults.iter().any(|fault| matches!(fault, Fault::Truncated { .. }));
            (if is_cut_off { 2 << 8 } else { 3 << 8 }) + faults.len() as u32
        }
        Err(_) => 4 << 8,
    }
}
