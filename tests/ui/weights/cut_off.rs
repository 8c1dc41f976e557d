//! A file that is cut off: which tensors are not whole. One that has a tensor twice.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Net: [2] -> [3] { fc1: Dense(4), fc2: Dense(3) }
}

const HEADER: &str = r#"{
    "fc1.bias": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
    "fc1.weight": {"dtype": "F32", "shape": [4, 2], "data_offsets": [16, 48]},
    "fc2.bias": {"dtype": "F32", "shape": [3], "data_offsets": [48, 60]},
    "fc2.weight": {"dtype": "F32", "shape": [3, 4], "data_offsets": [60, 108]}
}"#;

static CUT: Net = Net::from_safetensors(&weights::file::<{ 8 + HEADER.len() + 50 }>(HEADER));

network! {
    struct One: [1] -> [1] { fc: Dense(1, bias = false) }
}

const TWICE: &str = r#"{
    "fc.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]},
    "fc.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [4, 8]}
}"#;

static TWO: One = One::from_safetensors(&weights::file::<{ 8 + TWICE.len() + 8 }>(TWICE));

fn main() {
    println!("{} {}", CUT.predict(&[0.0; 2])[0], TWO.predict(&[0.0])[0]);
}
