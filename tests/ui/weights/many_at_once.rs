//! All that is wrong with a file in one message: names, shapes and types.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Net: [2] -> [3] {
        fc1: Dense(4),
        Relu,
        fc2: Dense(3),
        Relu,
        fc3: Dense(3),
    }
}

const HEADER: &str = r#"{
    "fc1.weight": {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]},
    "fc1.bias": {"dtype": "F16", "shape": [4], "data_offsets": [32, 40]},
    "fc2.weigth": {"dtype": "F32", "shape": [3, 4], "data_offsets": [40, 88]},
    "fc2.bias": {"dtype": "I64", "shape": [3, 1], "data_offsets": [88, 112]},
    "fc3.weight": {"dtype": "F32", "shape": [3, 3], "data_offsets": [112, 148]},
    "fc3.bias": {"dtype": "BF16", "shape": [3], "data_offsets": [148, 154]},
    "fc4.bias": {"dtype": "F32", "shape": [], "data_offsets": [154, 158]}
}"#;

static NET: Net = Net::from_safetensors(&weights::file::<{ 8 + HEADER.len() + 158 }>(HEADER));

fn main() {
    println!("{}", NET.predict(&[0.0; 2])[0]);
}
