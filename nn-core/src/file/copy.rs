//! From the numbers of a file to those of memory.

use super::half::{bf16, f16};
use super::number::Number;
use crate::plain;
use crate::spec::Dtype;

/// The type that the network wants where the file's would lose something, or where nothing is converted.
pub(super) const fn refused(memory: Dtype, file: Number, exact: bool) -> Option<&'static str> {
    use Number::{BF16, F16, F32, F64};
    match (memory, file) {
        // Counters are read elsewhere.
        (Dtype::F32, F32) | (Dtype::F64, F64) | (Dtype::U32 | Dtype::U64, _) => None,
        (Dtype::F32, F16 | BF16) | (Dtype::F64, F16 | BF16 | F32) if !exact => None,
        (Dtype::F32, _) => Some("F32"),
        (Dtype::F64, _) => Some("F64"),
    }
}

/// Writes each element of `$data`, an array of bytes, as one of `$memory`.
macro_rules! convert {
    ($memory:ident, $data:ident, |$bytes:ident| $element:expr) => {{
        let (to, from) = ($memory.as_chunks_mut().0, $data.as_chunks().0);
        let mut i = 0;
        while i < to.len() && i < from.len() {
            let $bytes = from[i];
            to[i] = $element;
            i += 1;
        }
    }};
}

/// Copies a tensor of floats; `refused` has seen that its type can be converted.
pub(super) const fn copy(memory: &mut [u8], data: &[u8], to: Dtype, from: Number) {
    match (to, from) {
        (Dtype::F32, Number::F16) => convert!(memory, data, |b| f16(u16::from_le_bytes(b)).to_ne_bytes()),
        (Dtype::F32, Number::BF16) => convert!(memory, data, |b| bf16(u16::from_le_bytes(b)).to_ne_bytes()),
        (Dtype::F64, Number::F16) => convert!(memory, data, |b| (f16(u16::from_le_bytes(b)) as f64).to_ne_bytes()),
        (Dtype::F64, Number::BF16) => convert!(memory, data, |b| (bf16(u16::from_le_bytes(b)) as f64).to_ne_bytes()),
        (Dtype::F64, Number::F32) => convert!(memory, data, |b| (f32::from_le_bytes(b) as f64).to_ne_bytes()),
        // One block: a loop over floats takes the compiler seconds.
        _ if cfg!(target_endian = "little") => plain::copy_bytes(memory, data),
        (Dtype::F32 | Dtype::U32, _) => convert!(memory, data, |b| u32::from_le_bytes(b).to_ne_bytes()),
        (Dtype::F64 | Dtype::U64, _) => convert!(memory, data, |b| u64::from_le_bytes(b).to_ne_bytes()),
    }
}

/// Element `i` of a tensor.
pub(super) const fn number(data: &[u8], number: Number, i: usize) -> f64 {
    match number {
        Number::F64 => f64::from_le_bytes(element(data, i)),
        Number::F32 => f32::from_le_bytes(element(data, i)) as f64,
        Number::F16 => f16(u16::from_le_bytes(element(data, i))) as f64,
        Number::BF16 => bf16(u16::from_le_bytes(element(data, i))) as f64,
        Number::I64 | Number::Other(_) => 0.0,
    }
}

/// The bytes of element `i`; zeros behind the end.
const fn element<const SIZE: usize>(data: &[u8], i: usize) -> [u8; SIZE] {
    let chunks = data.as_chunks().0;
    if i < chunks.len() { chunks[i] } else { [0; SIZE] }
}

/// Writes a number of four or eight bytes.
#[allow(clippy::cast_possible_truncation, reason = "rounded to the network's own numbers")]
pub(super) const fn put(memory: &mut [u8], value: f64) {
    if let Some(memory) = memory.first_chunk_mut::<8>() {
        *memory = value.to_ne_bytes();
    } else if let Some(memory) = memory.first_chunk_mut::<4>() {
        *memory = (value as f32).to_ne_bytes();
    }
}
