//! Where a recurrent layer's parameters lie, and their keys: PyTorch's `weight_ih_l0`, `bias_hh_l1_reverse`, …

use crate::Shape;
use crate::spec::{Dtype, Entry, Item, Role};

/// The most layers that can be stacked.
pub const MOST_LAYERS: usize = 8;
/// Tensors of a direction.
const TENSORS: usize = 4;
/// Entries of the most layers, both ways.
pub(super) const MOST: usize = MOST_LAYERS * 2 * TENSORS;

macro_rules! keys {
    ($($layer:literal)*) => {
        [$([
            [
                concat!("weight_ih_l", $layer),
                concat!("weight_hh_l", $layer),
                concat!("bias_ih_l", $layer),
                concat!("bias_hh_l", $layer),
            ],
            [
                concat!("weight_ih_l", $layer, "_reverse"),
                concat!("weight_hh_l", $layer, "_reverse"),
                concat!("bias_ih_l", $layer, "_reverse"),
                concat!("bias_hh_l", $layer, "_reverse"),
            ],
        ]),*]
    };
}
const KEYS: [[[&str; TENSORS]; 2]; MOST_LAYERS] = keys![0 1 2 3 4 5 6 7];

/// A recurrent layer's sizes.
pub(super) struct Sizes {
    pub inputs: usize,
    pub units: usize,
    /// Gates times units.
    pub rows: usize,
    /// 0 without biases, else as `rows`.
    pub biases: usize,
    pub directions: usize,
    pub layers: usize,
    pub dtype: Dtype,
}

/// How many tensors there are.
pub(super) const fn count(sizes: &Sizes) -> usize {
    sizes.layers * sizes.directions * if sizes.biases > 0 { TENSORS } else { 2 }
}

/// The entries in order, and then repetitions of the first.
pub(super) const fn entries(sizes: &Sizes) -> [Entry; MOST] {
    let mut entries = [tensor(KEYS[0][0][0], 0, Shape::SCALAR, sizes.dtype); MOST];
    let (mut next, mut offset, mut layer) = (0, 0, 0);
    while layer < sizes.layers && layer < MOST_LAYERS {
        let inputs = if layer == 0 { sizes.inputs } else { sizes.units * sizes.directions };
        let mut direction = 0;
        while direction < sizes.directions && direction < 2 {
            let mut tensor_number = 0;
            while tensor_number < TENSORS {
                let shape = match tensor_number {
                    0 => Shape::new(&[sizes.rows, inputs]),
                    1 => Shape::new(&[sizes.rows, sizes.units]),
                    _ => Shape::new(&[sizes.biases]),
                };
                if shape.len() > 0 {
                    entries[next] = tensor(KEYS[layer][direction][tensor_number], offset, shape, sizes.dtype);
                    next += 1;
                    offset += shape.len() * sizes.dtype.size();
                }
                tensor_number += 1;
            }
            direction += 1;
        }
        layer += 1;
    }
    entries
}

const fn tensor(key: &'static str, offset: usize, shape: Shape, dtype: Dtype) -> Entry {
    Entry { key, offset, gradient: Some(offset), item: Item::Tensor { shape, dtype, role: Role::Parameter } }
}
