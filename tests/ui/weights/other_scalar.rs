//! Numbers of another type than the network's are converted on the PC, not while compiling; one message says so for each static.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Narrow: [1] -> [1] { fc: Dense(1, bias = false) }
}

network! {
    #[scalar(f64)]
    struct Wide: [1] -> [1] { fc: Dense(1, bias = false) }
}

const F32: &str = r#"{"fc.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}}"#;
const F64: &str = r#"{"fc.weight": {"dtype": "F64", "shape": [1, 1], "data_offsets": [0, 8]}}"#;

static NARROW: Narrow = Narrow::from_safetensors(&weights::file::<{ 8 + F64.len() + 8 }>(F64));
static WIDE: Wide = Wide::from_safetensors(&weights::file::<{ 8 + F32.len() + 4 }>(F32));
const CONSTANT: Wide = Wide::from_safetensors(&weights::file::<{ 8 + F32.len() + 4 }>(F32));

fn main() {
    println!("{} {} {}", NARROW.predict(&[0.0])[0], WIDE.predict(&[0.0])[0], CONSTANT.predict(&[0.0])[0]);
}
