//! From a file into a network: everything is checked before anything is changed.

use std::borrow::ToOwned;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use super::half::{bf16, f16};
use super::header::{File, Number, Tensor};
use super::{Fault, FileError};
use crate::Spec;
use crate::spec::{Dtype, Leaf};

/// Reads the tensors under `part` from those under `from`; `memory` is the network's.
pub(super) fn from_bytes(spec: &'static Spec, memory: &mut [u8], bytes: &[u8], part: &str, from: &str) -> Result<(), FileError> {
    let network = spec.name;
    let file = File::parse(bytes).map_err(|problem| FileError::Header { path: None, problem })?;
    let mut faults = Vec::new();
    let mut copies = Vec::new();
    let mut wanted = Vec::new();
    let mut outside = None;
    spec.visit(|leaf| {
        let key = leaf.key.to_string();
        let Some(rest) = under(&key, part) else { return };
        let size = leaf.shape.len() * leaf.dtype.size();
        if size == 0 {
            return; // such as the bias of `bias = false`
        }
        if leaf.offset.checked_add(size).is_none_or(|end| end > memory.len()) {
            outside = Some(key);
            return;
        }
        let name = join(from, rest);
        match file.tensor(&name) {
            Some(tensor) => match check(&leaf, &name, &tensor) {
                Ok(()) => copies.push(Copy { place: leaf.offset, memory: leaf.dtype, file: tensor.number, data: tensor.data, size }),
                Err(mut found) => faults.append(&mut found),
            },
            None if is_counter(leaf.dtype) => {
                copies.push(Copy { place: leaf.offset, memory: leaf.dtype, file: Number::I64, data: &[0; 8], size });
            }
            None => faults.push(Fault::Missing { key: name.clone(), wanted: leaf.shape }),
        }
        wanted.push(name);
    });
    if let Some(key) = outside {
        return Err(FileError::Key { network, key });
    }
    if wanted.is_empty() && !part.is_empty() {
        return Err(FileError::NoPart { network, part: part.to_owned(), known: parts(spec) });
    }
    wanted.sort_unstable();
    for name in file.names() {
        if under(&name, from).is_some() && wanted.binary_search(&name).is_err() {
            let shape = file.tensor(&name).map(|tensor| tensor.shape.to_vec()).unwrap_or_default();
            faults.push(Fault::Extra { key: name, file: shape });
        }
    }
    if !faults.is_empty() {
        let under = other_place(&file, &faults);
        return Err(FileError::Tensors { path: None, network, faults, under });
    }
    for copy in copies {
        if let Some(memory) = memory.get_mut(copy.place..copy.place + copy.size) {
            copy.run(memory);
        }
    }
    Ok(())
}

/// The prefix under which the file has everything that is missing, as when it was saved from within another model.
fn other_place(file: &File<'_>, faults: &[Fault]) -> Option<String> {
    let mut missing = faults.iter().filter_map(|fault| match fault {
        Fault::Missing { key, .. } => Some(key),
        _ => None,
    });
    let first = missing.next()?;
    let mut places = file.names().into_iter().filter_map(|name| Some(name.strip_suffix(first)?.strip_suffix('.')?.to_owned()));
    places.find(|place| missing.clone().all(|key| file.tensor(&join(place, key)).is_some()))
}

/// All that is wrong with a tensor.
fn check(leaf: &Leaf<'_>, name: &str, tensor: &Tensor<'_>) -> Result<(), Vec<Fault>> {
    let mut faults = vec![];
    let key = || name.to_owned();
    if tensor.shape != leaf.shape.sizes() {
        faults.push(Fault::Shape { key: key(), file: tensor.shape.to_vec(), wanted: leaf.shape });
    }
    if let (Some(wanted), file) = refused(leaf.dtype, &tensor.number) {
        faults.push(Fault::Dtype { key: key(), file, wanted });
    }
    if tensor.data.len() < tensor.needed {
        faults.push(Fault::Truncated { key: key(), given: tensor.data.len(), needed: tensor.needed });
    }
    if faults.is_empty()
        && is_counter(leaf.dtype)
        && let Some(value) = tensor.data.first_chunk().map(|bytes| i64::from_le_bytes(*bytes))
        && (value < 0 || leaf.dtype == Dtype::U32 && value > i64::from(u32::MAX))
    {
        faults.push(Fault::Count { key: key(), value });
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

const fn is_counter(dtype: Dtype) -> bool {
    matches!(dtype, Dtype::U32 | Dtype::U64)
}

/// The type that the network wants where the file's would lose something, and the file's.
fn refused(memory: Dtype, file: &Number) -> (Option<&'static str>, String) {
    use Number::{BF16, F16, F32, F64, I64};
    let wanted = match (memory, file) {
        (Dtype::F32, F16 | BF16 | F32) | (Dtype::F64, F16 | BF16 | F32 | F64) | (Dtype::U32 | Dtype::U64, I64) => None,
        (Dtype::F32, _) => Some("F32"),
        (Dtype::F64, _) => Some("F64"),
        (Dtype::U32 | Dtype::U64, _) => Some("I64"),
    };
    let file = match file {
        Number::Other(name) => name.clone(),
        known => format!("{known:?}"),
    };
    (wanted, file)
}

/// One tensor to be copied; checked.
struct Copy<'a> {
    place: usize,
    size: usize,
    memory: Dtype,
    file: Number,
    data: &'a [u8],
}

impl Copy<'_> {
    fn run(self, memory: &mut [u8]) {
        match (self.memory, self.file) {
            (Dtype::F32, Number::F16) => convert(memory, self.data, |b| f16(u16::from_le_bytes(b)).to_ne_bytes()),
            (Dtype::F32, Number::BF16) => convert(memory, self.data, |b| bf16(u16::from_le_bytes(b)).to_ne_bytes()),
            (Dtype::F32, _) => convert(memory, self.data, |b| u32::from_le_bytes(b).to_ne_bytes()),
            (Dtype::F64, Number::F16) => convert(memory, self.data, |b| f64::from(f16(u16::from_le_bytes(b))).to_ne_bytes()),
            (Dtype::F64, Number::BF16) => convert(memory, self.data, |b| f64::from(bf16(u16::from_le_bytes(b))).to_ne_bytes()),
            (Dtype::F64, Number::F32) => convert(memory, self.data, |b| f64::from(f32::from_le_bytes(b)).to_ne_bytes()),
            (Dtype::F64 | Dtype::U64, _) => convert(memory, self.data, |b| u64::from_le_bytes(b).to_ne_bytes()),
            #[allow(clippy::cast_possible_truncation, reason = "`check` has seen that it fits")]
            (Dtype::U32, _) => convert(memory, self.data, |b| (u64::from_le_bytes(b) as u32).to_ne_bytes()),
        }
    }
}

/// Writes each element of `data` as one of `memory`.
fn convert<const FROM: usize, const TO: usize>(memory: &mut [u8], data: &[u8], element: impl Fn([u8; FROM]) -> [u8; TO]) {
    for (to, from) in memory.as_chunks_mut().0.iter_mut().zip(data.as_chunks().0) {
        *to = element(*from);
    }
}

/// What follows `prefix` in `key`, where it stands under it; everything stands under the empty prefix.
fn under<'a>(key: &'a str, prefix: &str) -> Option<&'a str> {
    if prefix.is_empty() {
        return Some(key);
    }
    match key.strip_prefix(prefix)? {
        "" => Some(""),
        rest => rest.strip_prefix('.'),
    }
}

/// The two with a dot between them, where neither is empty.
fn join(prefix: &str, rest: &str) -> String {
    let dot = if prefix.is_empty() || rest.is_empty() { "" } else { "." };
    format!("{prefix}{dot}{rest}")
}

/// The first words of all keys, each once.
fn parts(spec: &Spec) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    spec.visit(|leaf| {
        let key = leaf.key.to_string();
        let part = key.split('.').next().unwrap_or_default();
        if parts.last().is_none_or(|last| last != part) {
            parts.push(part.to_owned());
        }
    });
    parts
}
