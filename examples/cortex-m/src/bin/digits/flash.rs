//! What lies in flash: the trained network and the rows to recognise. `examples/train.rs` writes both files.

use crate::network::Digits;

/// The trained network, used where it lies.
pub static DIGITS: Digits = {
    let mut net: Digits = nn_core::plain::from_bytes(include_bytes!("../../../digits.weights"));
    if cfg!(feature = "wrong-bit") {
        let bias = &mut net.logits.bias[9];
        *bias = f32::from_bits(bias.to_bits() ^ 1 << 12);
    }
    net
};

/// Test rows: 64 pixels from 0 to 16, then the label.
pub static ROWS: &[[u8; 65]] = include_bytes!("../../../digits.rows").as_chunks().0;

/// The pixels of a row as the network takes them.
pub fn input(row: &[u8; 65]) -> [[[f32; 8]; 8]; 1] {
    let mut x = [[[0.0; 8]; 8]; 1];
    for (x, pixel) in x.as_flattened_mut().as_flattened_mut().iter_mut().zip(row) {
        *x = f32::from(*pixel) / 16.0;
    }
    x
}
