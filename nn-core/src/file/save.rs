//! From a network to the bytes of a file.

use core::fmt::Write as _;
use std::borrow::{Cow, ToOwned};
use std::string::{String, ToString};
use std::vec::Vec;

use super::FileError;
use super::quoted::Quoted;
use crate::{Shape, Spec, spec};

/// One tensor as the file has it.
struct Tensor<'a> {
    key: String,
    dtype: Dtype,
    shape: Shape,
    data: Cow<'a, [u8]>,
}

/// What a file of ours holds, by rank: the widest numbers come first, so that all lie at multiples of their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Dtype {
    I64,
    F64,
    F32,
}

/// The bytes of a file with every tensor; `memory` is the network's.
pub(super) fn to_bytes(spec: &'static Spec, memory: &[u8]) -> Result<Vec<u8>, FileError> {
    let network = spec.name;
    if spec.has(spec::Special::Folded) {
        return Err(FileError::Folded { network });
    }
    let mut tensors: Vec<Tensor<'_>> = Vec::new();
    let mut outside = None;
    spec.visit(|leaf| {
        let size = leaf.shape.len() * leaf.dtype.size();
        if size == 0 {
            return; // such as the bias of `bias = false`
        }
        let key = leaf.key.to_string();
        match leaf.offset.checked_add(size).and_then(|end| memory.get(leaf.offset..end)) {
            Some(bytes) => {
                let (dtype, data) = numbers(leaf.dtype, bytes);
                tensors.push(Tensor { key, dtype, shape: leaf.shape, data });
            }
            None => outside = Some(key),
        }
    });
    if let Some(key) = outside {
        return Err(FileError::Key { network, key });
    }
    tensors.sort_by(|a, b| a.key.cmp(&b.key));
    if let Some([twice, _]) = tensors.array_windows().find(|[a, b]| a.key == b.key) {
        return Err(FileError::Key { network, key: twice.key.clone() });
    }
    tensors.sort_by_key(|tensor| tensor.dtype);
    Ok(file(&tensors))
}

/// The length of the header, the header, padded to a multiple of 8 bytes, and the tensors in its order, one behind the other; the bytes that the
/// format's own crate writes.
fn file(tensors: &[Tensor<'_>]) -> Vec<u8> {
    // PyTorch's own files carry this mark, and some of its readers ask for it.
    let mut header = r#"{"__metadata__":{"format":"pt"}"#.to_owned();
    let mut end = 0;
    for Tensor { key, dtype, shape, data } in tensors {
        let (key, start) = (Quoted(key), end);
        end += data.len();
        let shape = shape.sizes().iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let _ = write!(header, r#",{key}:{{"dtype":"{dtype:?}","shape":[{shape}],"data_offsets":[{start},{end}]}}"#); // memory does not fail
    }
    header.push('}');
    let padded = header.len().next_multiple_of(8);
    let mut file = Vec::with_capacity(8 + padded + end);
    file.extend((padded as u64).to_le_bytes());
    file.extend(header.bytes());
    file.resize(8 + padded, b' ');
    for tensor in tensors {
        file.extend(&*tensor.data);
    }
    file
}

/// The bytes of a tensor in the file: little-endian, counters as I64.
fn numbers(dtype: spec::Dtype, bytes: &[u8]) -> (Dtype, Cow<'_, [u8]>) {
    match dtype {
        spec::Dtype::F32 => (Dtype::F32, little_endian::<4>(bytes)),
        spec::Dtype::F64 => (Dtype::F64, little_endian::<8>(bytes)),
        spec::Dtype::U32 => {
            (Dtype::I64, bytes.as_chunks().0.iter().flat_map(|b| u64::from(u32::from_ne_bytes(*b)).to_le_bytes()).collect())
        }
        spec::Dtype::U64 => (Dtype::I64, little_endian::<8>(bytes)),
    }
}

/// The same elements, each from the machine's order of bytes to the file's.
fn little_endian<const SIZE: usize>(bytes: &[u8]) -> Cow<'_, [u8]> {
    if cfg!(target_endian = "little") {
        return Cow::Borrowed(bytes);
    }
    let mut bytes = bytes.to_vec();
    bytes.as_chunks_mut::<SIZE>().0.iter_mut().for_each(|element| element.reverse());
    Cow::Owned(bytes)
}
