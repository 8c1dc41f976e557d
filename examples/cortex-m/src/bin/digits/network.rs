//! The network, its weights and the rows to recognise, all in flash.

use nn_core::activation::Relu;
use nn_core::layer::Dense;
use nn_core::{Activation, Layer, One, Plain, Portable, plain};

/// 8 × 8 pixels to ten classes.
#[repr(C)]
pub struct Digits {
    fc1: Dense<64, 32>,
    logits: Dense<32, 10>,
}

// SAFETY: `repr(C)`, and both fields are plain numbers of one size.
unsafe impl Plain for Digits {}

/// The trained network.
pub static DIGITS: Digits = {
    let mut net: Digits = plain::from_bytes(include_bytes!("../../../digits.weights"));
    if cfg!(feature = "wrong-bit") {
        net.logits.bias[9] = f32::from_bits(net.logits.bias[9].to_bits() ^ 1 << 12);
    }
    net
};

/// Test rows: 64 pixels of 0 to 16, then the label.
pub static ROWS: &[[u8; 65]] = include_bytes!("../../../digits.rows").as_chunks().0;

/// The pixels of a row as the network takes them.
pub fn input(row: &[u8; 65]) -> [f32; 64] {
    let mut x = [0.0; 64];
    for (x, pixel) in x.iter_mut().zip(row) {
        *x = f32::from(*pixel) / 16.0;
    }
    x
}

/// The label of a row.
pub fn label(row: &[u8; 65]) -> u8 {
    row[64]
}

pub struct Workspace([[f32; 32]; 1]);

impl Workspace {
    pub fn new() -> Self {
        Self([[0.0; 32]])
    }
}

impl Digits {
    pub fn predict_into(&self, x: &[f32; 64], y: &mut [f32; 10], workspace: &mut Workspace) {
        self.fc1.infer::<_, One>(Portable, &[*x], &mut workspace.0, &mut ());
        Relu.forward_in_place(Portable, &mut workspace.0);
        self.logits.infer::<_, One>(Portable, &workspace.0, core::array::from_mut(y), &mut ());
    }
}
