//! A counter that is larger than the network's.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Net: [1] -> [1] { norm: BatchNorm }
}

const HEADER: &str = r#"{
    "norm.num_batches_tracked": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]},
    "norm.weight": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]},
    "norm.bias": {"dtype": "F32", "shape": [1], "data_offsets": [12, 16]},
    "norm.running_mean": {"dtype": "F32", "shape": [1], "data_offsets": [16, 20]},
    "norm.running_var": {"dtype": "F32", "shape": [1], "data_offsets": [20, 24]}
}"#;

static NET: Net = Net::from_safetensors(&weights::file::<{ 8 + HEADER.len() + 24 }>(HEADER));

fn main() {
    println!("{}", NET.predict(&[0.0])[0]);
}
