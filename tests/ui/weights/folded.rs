//! What is folded takes the file of the network that it is folded from, and names what that lacks.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Net: [1] -> [2] { fc: Dense(2), norm: BatchNorm, Relu }
}

const HEADER: &str = r#"{
    "fc.bias": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    "fc.weight": {"dtype": "F32", "shape": [2, 1], "data_offsets": [8, 16]},
    "norm.weight": {"dtype": "F32", "shape": [3], "data_offsets": [16, 28]},
    "norm.bias": {"dtype": "F16", "shape": [2], "data_offsets": [28, 32]},
    "norm.running_mean": {"dtype": "F32", "shape": [2], "data_offsets": [32, 40]},
    "norm.scale": {"dtype": "F32", "shape": [2], "data_offsets": [40, 48]}
}"#;

static NET: NetFolded = NetFolded::from_safetensors(&weights::file::<{ 8 + HEADER.len() + 48 }>(HEADER));

fn main() {
    println!("{}", NET.predict(&[0.0])[0]);
}
