//! The header of a safetensors file: the only place that knows how it is read.
//!
//! Eight bytes of length, little-endian, then JSON: `{"fc1.weight": {"dtype": "F32", "shape": [120, 256], "data_offsets": [0, 122880]}, …}`, then
//! the tensors, without gaps.

use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, str};

use safetensors::Dtype;
use safetensors::tensor::Metadata;

/// A file's header, and the bytes after it.
pub(super) struct File<'a> {
    header: Metadata,
    data: &'a [u8],
}

/// One tensor of a file.
pub(super) struct Tensor<'a> {
    pub(super) number: Number,
    pub(super) shape: &'a [usize],
    /// As many bytes as the file holds of it.
    pub(super) data: &'a [u8],
    /// As many as it takes.
    pub(super) needed: usize,
}

/// Element types of files that can be loaded, and the name of any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    F16,
    BF16,
    F32,
    F64,
    I64,
    Other(String),
}

impl<'a> File<'a> {
    /// Reads the header. The tensors may be cut off: their own `data` tells.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let (length, rest) = bytes.split_first_chunk().ok_or("it is shorter than the 8 bytes before its header")?;
        let length = u64::from_le_bytes(*length);
        let split = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
        let (header, data) = split.ok_or_else(|| format!("its header of {length} bytes ends behind its end"))?;
        let header = str::from_utf8(header).map_err(|_| "its header is not text in UTF-8")?;
        let header: Metadata = serde_json::from_str(header).map_err(|error| format!("its header is wrong: {error}"))?;
        if data.len() > header.data_len() {
            return Err(format!("it goes on for {} bytes after its last tensor", data.len() - header.data_len()));
        }
        Ok(Self { header, data })
    }

    /// The names of all tensors, in the order in which they lie in the file.
    pub(super) fn names(&self) -> Vec<String> {
        self.header.offset_keys()
    }

    /// The tensor of this name.
    pub(super) fn tensor(&self, name: &str) -> Option<Tensor<'_>> {
        let info = self.header.info(name)?;
        let (start, end) = info.data_offsets;
        let number = match info.dtype {
            Dtype::F16 => Number::F16,
            Dtype::BF16 => Number::BF16,
            Dtype::F32 => Number::F32,
            Dtype::F64 => Number::F64,
            Dtype::I64 => Number::I64,
            other => Number::Other(other.to_string()),
        };
        let data = self.data.get(start..end.min(self.data.len())).unwrap_or_default();
        Some(Tensor { number, shape: &info.shape, data, needed: end.saturating_sub(start) })
    }
}
