//! Element types of files.

use super::json::says;

/// Element types of files: those that can be loaded, and the name of any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    F16,
    BF16,
    F32,
    F64,
    I64,
    Other(&'static str),
}

/// The types that can be loaded, with their bits.
const LOADED: [(Number, usize); 5] = [(Number::F32, 32), (Number::F16, 16), (Number::BF16, 16), (Number::F64, 64), (Number::I64, 64)];

/// The names of all others.
const OTHERS: [(&str, usize); 17] = [
    ("BOOL", 8),
    ("F4", 4),
    ("F6_E2M3", 6),
    ("F6_E3M2", 6),
    ("U8", 8),
    ("I8", 8),
    ("F8_E5M2", 8),
    ("F8_E4M3", 8),
    ("F8_E8M0", 8),
    ("F8_E4M3FNUZ", 8),
    ("F8_E5M2FNUZ", 8),
    ("I16", 16),
    ("U16", 16),
    ("I32", 32),
    ("U32", 32),
    ("C64", 64),
    ("U64", 64),
];

impl Number {
    /// As files name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            Self::F32 => "F32",
            Self::F64 => "F64",
            Self::I64 => "I64",
            Self::Other(name) => name,
        }
    }
}

/// The type of this name, and its bits.
#[inline(never)]
pub(super) const fn number_of(name: &[u8]) -> Option<(Number, usize)> {
    let mut i = 0;
    while i < LOADED.len() {
        let (number, bits) = LOADED[i];
        if says(name, number.name().as_bytes()) {
            return Some((number, bits));
        }
        i += 1;
    }
    i = 0;
    while i < OTHERS.len() {
        let (known, bits) = OTHERS[i];
        if says(name, known.as_bytes()) {
            return Some((Number::Other(known), bits));
        }
        i += 1;
    }
    None
}
