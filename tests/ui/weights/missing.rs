use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Net: [2] -> [3] {
        fc1: Dense(4),
        Relu,
        fc2: Dense(3),
    }
}

const HEADER: &str = r#"{"fc1.weight": {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, 32]}}"#;

static NET: Net = Net::from_safetensors(&weights::file::<{ 8 + HEADER.len() + 32 }>(HEADER));

fn main() {
    println!("{}", NET.predict(&[0.0; 2])[0]);
}
