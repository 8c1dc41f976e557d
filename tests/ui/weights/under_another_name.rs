//! A file of a whole model, of which the network is a part.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Net: [1] -> [2] { fc: Dense(2) }
}

const HEADER: &str = r#"{
    "model.encoder.fc.bias": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    "model.encoder.fc.weight": {"dtype": "F32", "shape": [2, 1], "data_offsets": [8, 16]}
}"#;

static NET: Net = Net::from_safetensors(&weights::file::<{ 8 + HEADER.len() + 16 }>(HEADER));

fn main() {
    println!("{}", NET.predict(&[0.0])[0]);
}
