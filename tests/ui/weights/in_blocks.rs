//! Tensors in blocks, under keys of others, in a layer of one's own and in another network, by their whole names.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

#[derive(Plain)]
#[repr(C)]
struct Scale {
    factor: [f32; 2],
    #[plain(state)]
    seen: u32,
}

impl SampleLayer for Scale {
    type Input = [f32; 2];
    type Output = [f32; 2];
    type Kind = Real;
    type Saved = ();
    fn infer(&self, _: &[f32; 2], _: &mut [f32; 2]) {}
    fn backward(&self, _: &[f32; 2], _: &[f32; 2], _: &(), _: &[f32; 2], _: &mut [f32; 2], _: &mut Self) {}
}

network! {
    struct Inner: [2] -> [2] { fc: Dense(2, bias = false) }
}

network! {
    struct Net: [2] -> [2] {
        block: Residual {
            main: { fc: Dense(2, bias = false), norm: BatchNorm },
            skip: { #[key("downsample.0")] fc: Dense(2, bias = false) },
        },
        blocks: Repeat(2) { fc: Dense(2, bias = false) },
        inner: Inner -> [2],
        scale: Scale -> [2],
    }
}

const HEADER: &str = r#"{
    "block.fc.weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
    "block.norm.num_batches_tracked": {"dtype": "F32", "shape": [], "data_offsets": [16, 20]},
    "block.norm.running_var": {"dtype": "F32", "shape": [1], "data_offsets": [20, 24]},
    "blocks.1.fc.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [24, 48]},
    "scale.seen": {"dtype": "I64", "shape": [], "data_offsets": [48, 56]}
}"#;

static NET: Net = Net::from_safetensors(&weights::file::<{ 8 + HEADER.len() + 56 }>(HEADER));

fn main() {
    println!("{}", NET.predict(&[0.0; 2])[0]);
}
