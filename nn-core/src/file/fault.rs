//! What can be wrong with weights in memory, told without a heap.

use core::fmt;

use super::header::HeaderError;
use super::json::byte;
use super::name::Name;
use crate::shape::Message;
use crate::spec::Item;
use crate::{Shape, Spec};

#[cfg(feature = "std")]
use std::vec::Vec;

/// What is wrong with the bytes of a safetensors file. Nothing has been loaded.
#[derive(Clone)]
#[non_exhaustive]
#[cfg_attr(not(feature = "std"), allow(clippy::large_enum_variant, reason = "without a heap an error holds what it tells"))]
pub enum WeightsError {
    /// Bytes that are no safetensors file.
    Header(HeaderError),
    /// A file whose tensors are not the network's.
    Tensors {
        /// The network.
        network: &'static str,
        /// The faults, in the order of the network and then of the file.
        faults: Faults,
        /// The name under which the file has all of the network's tensors, such as `module`; looked for with `std`.
        under: Option<TensorName>,
    },
    /// A part that the network does not have.
    NoPart {
        /// The network.
        network: &'static Spec,
        /// The name that is asked for.
        part: TensorName,
    },
    /// A tensor that lies outside of its layer: a wrong `SPEC` of a user's layer.
    Key {
        /// The network.
        network: &'static str,
        /// The tensor's name.
        key: TensorName,
    },
}

/// What is wrong with one tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The file does not have it.
    Missing {
        /// Its name in the file.
        key: TensorName,
        /// Its shape.
        wanted: Shape,
    },
    /// The network does not have it.
    Extra {
        /// Its name in the file.
        key: TensorName,
        /// Its shape.
        file: Shape,
    },
    /// The file has it twice.
    Twice {
        /// Its name in the file.
        key: TensorName,
    },
    /// It has another shape.
    Shape {
        /// Its name in the file.
        key: TensorName,
        /// Its shape in the file.
        file: Shape,
        /// Its shape in the network.
        wanted: Shape,
    },
    /// It has a type that cannot be converted without loss, or, while compiling, at all.
    Dtype {
        /// Its name in the file.
        key: TensorName,
        /// Its type in the file.
        file: &'static str,
        /// Its type in the network, as files name it.
        wanted: &'static str,
    },
    /// The file ends within or before it.
    Truncated {
        /// Its name in the file.
        key: TensorName,
        /// The bytes that are there.
        given: usize,
        /// The bytes that it takes.
        needed: usize,
    },
    /// A count that is negative, too large or not whole.
    Count {
        /// Its name in the file.
        key: TensorName,
        /// The count; `None` where it is no whole number below 2⁶³.
        value: Option<i64>,
    },
}

/// Some faults in a row, of which the first `K` after `skipped` are kept.
pub(super) struct Window<const K: usize> {
    pub(super) faults: [Option<Fault>; K],
    pub(super) skipped: usize,
    /// How many there were in all.
    pub(super) count: usize,
}

impl<const K: usize> Window<K> {
    pub(super) const fn after(skipped: usize) -> Self {
        Self { faults: [None; K], skipped, count: 0 }
    }

    pub(super) const fn push(&mut self, fault: Fault) {
        if self.count >= self.skipped && self.count - self.skipped < K {
            self.faults[self.count - self.skipped] = Some(fault);
        }
        self.count += 1;
    }
}

/// All faults of a file with `std`; without a heap, the first ones and how many there are.
#[derive(Clone)]
pub struct Faults {
    #[cfg(feature = "std")]
    pub(super) list: Vec<Fault>,
    #[cfg(not(feature = "std"))]
    pub(super) list: [Option<Fault>; Faults::KEPT],
    #[cfg(not(feature = "std"))]
    pub(super) count: usize,
}

impl Faults {
    /// How many are kept without a heap.
    #[cfg(not(feature = "std"))]
    pub(super) const KEPT: usize = 2;

    /// Those that are kept.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        #[cfg(feature = "std")]
        return self.list.iter();
        #[cfg(not(feature = "std"))]
        self.list.iter().flatten()
    }

    /// A line each.
    pub(super) fn told(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut kept = 0;
        for fault in self.iter() {
            write!(f, "\n  {fault}")?;
            kept += 1;
        }
        if self.len() > kept {
            write!(f, "\n  and {} more", self.len() - kept)?;
        }
        Ok(())
    }

    /// Whether there is none; an error has at least one.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are in all.
    #[must_use]
    pub const fn len(&self) -> usize {
        #[cfg(feature = "std")]
        return self.list.len();
        #[cfg(not(feature = "std"))]
        self.count
    }
}

/// A tensor's name; of a very long one, its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TensorName {
    text: [u8; Self::CAPACITY],
    len: u8,
}

impl TensorName {
    const CAPACITY: usize = 47;
    /// Stands for the begin of a name that is too long.
    const CUT: &'static [u8] = "…".as_bytes();

    /// The name of a layer within a part.
    pub(super) fn joined(part: &str, layer: &str) -> Self {
        let dot = if part.is_empty() || layer.is_empty() { "" } else { "." };
        let len = part.len() + dot.len() + layer.len();
        let mut this = Self { text: [0; Self::CAPACITY], len: 0 };
        for byte in part.bytes().chain(dot.bytes()).chain(layer.bytes()).skip(Self::first(len)) {
            this.push(byte);
        }
        this.cut(len)
    }

    /// The name of a tensor of the network in the file.
    pub(super) const fn of(name: &Name<'_>) -> Self {
        let mut this = Self { text: [0; Self::CAPACITY], len: 0 };
        let mut i = Self::first(name.len());
        while i < name.len() {
            this.push(name.byte(i));
            i += 1;
        }
        this.cut(name.len())
    }

    /// A text; of a string of JSON, what stands between its quotes, so that nothing in it can act on a terminal.
    pub(super) const fn text(text: &[u8]) -> Self {
        let mut this = Self { text: [0; Self::CAPACITY], len: 0 };
        let mut i = Self::first(text.len());
        while i < text.len() {
            this.push(byte(text, i));
            i += 1;
        }
        this.cut(text.len())
    }

    /// The first byte that is kept.
    const fn first(len: usize) -> usize {
        if len > Self::CAPACITY { len - (Self::CAPACITY - Self::CUT.len()) } else { 0 }
    }

    const fn push(&mut self, byte: u8) {
        if (self.len as usize) < Self::CAPACITY {
            self.text[self.len as usize] = byte;
            self.len += 1;
        }
    }

    /// Puts the mark before a name that is cut, which begins with a whole character.
    const fn cut(self, len: usize) -> Self {
        if len <= Self::CAPACITY {
            return self;
        }
        let mut this = Self { text: [0; Self::CAPACITY], len: 0 };
        let mut i = 0;
        while i < Self::CUT.len() {
            this.push(Self::CUT[i]);
            i += 1;
        }
        i = 0;
        while i < 3 && byte(&self.text, i) & 0xc0 == 0x80 {
            i += 1;
        }
        while i < self.len as usize {
            this.push(byte(&self.text, i));
            i += 1;
        }
        this
    }

    /// As text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let text = match self.text.split_at_checked(self.len as usize) {
            Some((text, _)) => text,
            None => &[],
        };
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

impl fmt::Display for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq<str> for TensorName {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl Fault {
    /// The tensor's name in the file.
    #[must_use]
    pub const fn key(&self) -> &TensorName {
        let (Self::Missing { key, .. }
        | Self::Extra { key, .. }
        | Self::Twice { key }
        | Self::Shape { key, .. }
        | Self::Dtype { key, .. }
        | Self::Truncated { key, .. }
        | Self::Count { key, .. }) = self;
        key
    }

    /// Its words, after those of `message`.
    pub(super) const fn describe<const CAPACITY: usize>(&self, message: Message<CAPACITY>) -> Message<CAPACITY> {
        let message = message.text("`").text(self.key().as_str()).text("` ");
        match self {
            Self::Missing { wanted, .. } => message.sizes(wanted.sizes()).text(" is missing"),
            Self::Extra { file, .. } => message.sizes(file.sizes()).text(" is in the file and not in the network"),
            Self::Twice { .. } => message.text("is in the file twice"),
            Self::Shape { file, wanted, .. } => {
                message.text("has shape ").sizes(file.sizes()).text(" in the file and ").sizes(wanted.sizes()).text(" in the network")
            }
            Self::Dtype { file, wanted, .. } => {
                let method = match wanted.as_bytes() {
                    b"F32" => "float",
                    b"F64" => "double",
                    _ => "long",
                };
                let message = message.text("is ").text(file).text(" in the file and ").text(wanted).text(" in the network: ");
                message.text("convert it on the PC before saving, in PyTorch with `.").text(method).text("()`")
            }
            Self::Truncated { given, needed, .. } => {
                message.text("is cut off: the file holds ").number(*given).text(" of its ").number(*needed).text(" bytes")
            }
            Self::Count { value: None, .. } => message.text("counts no whole number below 2^63"),
            Self::Count { value: Some(value), .. } => {
                #[allow(clippy::cast_possible_truncation, reason = "longer ones than addresses are told as the longest")]
                let number = if value.unsigned_abs() > usize::MAX as u64 { usize::MAX } else { value.unsigned_abs() as usize };
                let message = message.text("counts ").text(if *value < 0 { "-" } else { "" });
                message.number(number).text(", which is negative or too large")
            }
        }
    }
}

impl HeaderError {
    /// Its words, after those of `message`.
    pub(super) const fn describe<const CAPACITY: usize>(&self, message: Message<CAPACITY>) -> Message<CAPACITY> {
        #[allow(clippy::cast_possible_truncation, reason = "longer ones than addresses are told as the longest")]
        const fn long(number: u64) -> usize {
            if number > usize::MAX as u64 { usize::MAX } else { number as usize }
        }
        match self {
            Self::Short => message.text("it is shorter than the 8 bytes before its header"),
            // The most that the format allows.
            Self::Length { header } if *header > 100_000_000 => message.text(match &header.to_le_bytes() {
                [b'P', b'K', 3, 4, ..] => "it is a zip archive, as `torch.save` writes: save with `safetensors.torch.save_file`",
                b"version " => "it seems to be a pointer of Git LFS: fetch the file by `git lfs pull`",
                _ => "its first 8 bytes are not the length of a header",
            }),
            Self::Length { header } => message.text("its header of ").number(long(*header)).text(" bytes ends behind its end"),
            Self::Encoding => message.text("its header is not text in UTF-8"),
            Self::Form { at, expected } => message.text("its header is wrong: ").text(expected).text(" should be at byte ").number(*at),
            Self::Size { at } => {
                message.text("its header is wrong: the data of the tensor at byte ").number(*at).text(" have another size than its shape")
            }
            Self::Gap { at } => message.text("its tensors leave a gap or lie over each other at byte ").number(*at).text(" of the data"),
            Self::Trailing { bytes } => message.text("it goes on for ").number(*bytes).text(" bytes after its last tensor"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe(Message::<512>::empty()).as_str())
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe(Message::<192>::empty()).as_str())
    }
}

impl core::error::Error for HeaderError {}

/// As `Display`: `fn main() -> Result<(), …>` prints an error this way.
impl fmt::Debug for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(_) => self.told_of(f, &"the bytes are"),
            _ => self.told_of(f, &"the bytes do"),
        }
    }
}

impl WeightsError {
    /// `the bytes do`, or `weights.safetensors does`, and then what is wrong.
    pub(super) fn told_of(&self, f: &mut fmt::Formatter<'_>, what: &dyn fmt::Display) -> fmt::Result {
        match self {
            Self::Header(error) => write!(f, "{what} no safetensors file: {error}"),
            Self::Tensors { network, faults, under } => {
                write!(f, "{what} not fit the network `{network}`; nothing was loaded:")?;
                faults.told(f)?;
                match under {
                    Some(name) if name == "" => {
                        f.write_str("\n  all that is missing is there without a prefix: read it with `net.loading().prefix(\"\")`")
                    }
                    Some(name) => {
                        write!(f, "\n  all that is missing is there under `{name}`: read it with `net.loading().prefix(\"{name}\")`")
                    }
                    // Advice for people, as above.
                    None if cfg!(feature = "std") && faults.iter().all(|fault| matches!(fault, Fault::Extra { .. })) => {
                        f.write_str("\n  all else fits: `net.loading().ignore_unknown()` leaves these alone")
                    }
                    None => Ok(()),
                }
            }
            Self::NoPart { network, part } => {
                let (place, spec) = deepest(network, part.as_str());
                write!(f, "the network `{}` has no part `{part}`: ", network.name)?;
                match place {
                    "" => f.write_str("its parts are ")?,
                    _ => write!(f, "the parts of `{place}` are ")?,
                }
                let mut before = "";
                for entry in spec.entries.iter().filter(|entry| !entry.key.is_empty()) {
                    write!(f, "{before}`{}`", entry.key)?;
                    before = ", ";
                }
                Ok(())
            }
            Self::Key { network, key } => {
                write!(f, "the tensor `{key}` of `{network}` lies outside of its layer: correct the layer's `SPEC`")
            }
        }
    }
}

/// The part in which `name` is missing, with its name: as much of the begin of `name` as there is.
fn deepest<'n>(spec: &'static Spec, name: &'n str) -> (&'n str, &'static Spec) {
    let (mut spec, mut rest) = (spec, name);
    while let Some((inner, behind)) = spec.entries.iter().find_map(|entry| match entry.item {
        Item::Part(inner) if !entry.key.is_empty() && !inner.entries.is_empty() => {
            Some((inner, rest.strip_prefix(entry.key)?.strip_prefix('.')?))
        }
        _ => None,
    }) {
        (spec, rest) = (inner, behind);
    }
    (name.strip_suffix(rest).unwrap_or(name).trim_end_matches('.'), spec)
}

impl core::error::Error for WeightsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Header(error) => Some(error),
            _ => None,
        }
    }
}
