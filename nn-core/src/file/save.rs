//! From a network to the bytes of a file.

use std::borrow::{Cow, ToOwned};
use std::string::{String, ToString};
use std::vec::Vec;

use safetensors::{Dtype, View, serialize};

use super::FileError;
use crate::{Spec, spec};

/// One tensor as the file has it.
struct Tensor<'a> {
    dtype: Dtype,
    shape: Vec<usize>,
    data: Cow<'a, [u8]>,
}

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.data)
    }
    fn data_len(&self) -> usize {
        self.data.len()
    }
}

/// The bytes of a file with every tensor; `memory` is the network's.
pub(super) fn to_bytes(spec: &'static Spec, memory: &[u8]) -> Result<Vec<u8>, FileError> {
    let network = spec.name;
    let mut tensors: Vec<(String, Tensor<'_>)> = Vec::new();
    let mut outside = None;
    spec.visit(|leaf| {
        let size = leaf.shape.len() * leaf.dtype.size();
        if size == 0 {
            return; // such as the bias of `bias = false`
        }
        let key = leaf.key.to_string();
        match leaf.offset.checked_add(size).and_then(|end| memory.get(leaf.offset..end)) {
            Some(bytes) => tensors.push((key, tensor(leaf.dtype, leaf.shape.sizes(), bytes))),
            None => outside = Some(key),
        }
    });
    if let Some(key) = outside {
        return Err(FileError::Key { network, key });
    }
    tensors.sort_by(|a, b| a.0.cmp(&b.0));
    if let Some(twice) = tensors.array_windows().find(|[a, b]| a.0 == b.0) {
        return Err(FileError::Key { network, key: twice[0].0.clone() });
    }
    // PyTorch's own files carry this mark, and some of its readers ask for it.
    let mark = core::iter::once(("format".to_owned(), "pt".to_owned())).collect();
    serialize(tensors, Some(mark)).map_err(|error| FileError::Format { problem: error.to_string() })
}

/// A tensor in the bytes of a file: little-endian, counters as I64.
fn tensor<'a>(dtype: spec::Dtype, shape: &[usize], bytes: &'a [u8]) -> Tensor<'a> {
    let (dtype, data) = match dtype {
        spec::Dtype::F32 => (Dtype::F32, little_endian::<4>(bytes)),
        spec::Dtype::F64 => (Dtype::F64, little_endian::<8>(bytes)),
        spec::Dtype::U32 => {
            (Dtype::I64, bytes.as_chunks().0.iter().flat_map(|b| u64::from(u32::from_ne_bytes(*b)).to_le_bytes()).collect())
        }
        spec::Dtype::U64 => (Dtype::I64, little_endian::<8>(bytes)),
    };
    Tensor { dtype, shape: shape.to_vec(), data }
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
