//! Bytes that are no safetensors file: what is wrong, and where.
use nn_core::prelude::*;

#[path = "../../fixtures/weights.rs"]
mod weights;

network! {
    struct Net: [1] -> [1] { fc: Dense(1) }
}

static EMPTY: Net = Net::from_safetensors(&[]);
static TEXT: Net = Net::from_safetensors(b"not a file of weights, but text");
static ENCODING: Net = Net::from_safetensors(b"\x02\0\0\0\0\0\0\0\xff\xfe");
static LIST: Net = Net::from_safetensors(&weights::file::<10>("[]"));
static COMMA: Net = Net::from_safetensors(&weights::file::<{ 8 + 74 + 4 }>(
    r#"{"fc.bias": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}"x": {}}"#,
));
static NUMBER: Net = Net::from_safetensors(&weights::file::<{ 8 + 68 }>(
    r#"{"fc.bias": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}"#,
));
static TYPE: Net = Net::from_safetensors(&weights::file::<{ 8 + 71 }>(
    r#"{"fc.bias": {"dtype": "FLOAT", "shape": [1], "data_offsets": [0, 4]}}  "#,
));
static SIZE: Net = Net::from_safetensors(&weights::file::<{ 8 + 67 }>(
    r#"{"fc.bias": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}"#,
));
static GAP: Net = Net::from_safetensors(&weights::file::<{ 8 + 67 + 8 }>(
    r#"{"fc.bias": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}"#,
));
static TRAILING: Net = Net::from_safetensors(&weights::file::<{ 8 + 67 + 8 }>(
    r#"{"fc.bias": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#,
));

fn main() {
    let all = [&EMPTY, &TEXT, &ENCODING, &LIST, &COMMA, &NUMBER, &TYPE, &SIZE, &GAP, &TRAILING];
    println!("{}", all.map(|net| net.predict(&[0.0])[0])[0]);
}
