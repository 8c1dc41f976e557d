//! 64-32-10 is saved to pages of storage and restored from there; a torn state is refused. To be measured: saving and restoring once.
#![cfg_attr(any(target_os = "none", target_arch = "wasm32"), no_std, no_main)]

use nn_core::Plain;
use nn_core::device::{OnDevice, RestoreError, StateError};
use nn_firmware::networks::Mlp;
use nn_firmware::{Platform, checksum};

/// Bytes that flash writes at a time.
const PAGE: usize = 256;

/// Stands for flash: as many pages as the state takes.
type Storage = [[u8; PAGE]; Mlp::STATE_BYTES.div_ceil(PAGE)];

nn_firmware::program!(run(
    NET: Mlp = Mlp::from_safetensors(include_bytes!("../../weights/mlp.safetensors")),
    STORAGE: Storage = Storage::ZEROED,
));

fn run(platform: &mut Platform<'_>, net: &mut Mlp, storage: &mut Storage) {
    let mut refused = None;
    platform.measure(10, &mut || refused = save_and_restore(net, storage).err());
    platform.words(&[kind(refused), checksum(net)]);

    // Saving was interrupted: some bits are those of before.
    storage[7][11] ^= 1;
    net.fc1.weight[0][0] = 0.0;
    platform.words(&[kind(restore(net, storage).err()), checksum(net)]);
    storage[7][11] ^= 1;
    platform.words(&[kind(restore(net, storage).err()), checksum(net)]);
}

#[inline(never)]
fn save_and_restore(net: &mut Mlp, storage: &mut Storage) -> Result<(), RestoreError<OutOfStorage>> {
    let mut page = [0; PAGE];
    net.save_state_in_pages(&mut page, |offset, bytes| {
        let Some(to) = storage.as_flattened_mut().get_mut(offset..) else { return Err(OutOfStorage) };
        copy(to, bytes)
    })
    .map_err(RestoreError::Storage)?;
    restore(net, storage)
}

#[inline(never)]
fn restore(net: &mut Mlp, storage: &Storage) -> Result<(), RestoreError<OutOfStorage>> {
    net.restore_state_from(|offset, bytes| {
        let Some(from) = storage.as_flattened().get(offset..) else { return Err(OutOfStorage) };
        copy(bytes, from)
    })
}

/// Beyond the last page.
struct OutOfStorage;

fn copy(to: &mut [u8], from: &[u8]) -> Result<(), OutOfStorage> {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
    Ok(())
}

/// What was refused, as firmware without text reports it.
fn kind(refused: Option<RestoreError<OutOfStorage>>) -> u32 {
    match refused {
        None => 0,
        Some(RestoreError::State(StateError::Torn)) => 1,
        Some(_) => 2,
    }
}
