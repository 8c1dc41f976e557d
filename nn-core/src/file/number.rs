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

/// Every type with its name and its bits.
const NUMBERS: [(Number, &str, usize); 22] = [
    (Number::F32, "F32", 32),
    (Number::F16, "F16", 16),
    (Number::BF16, "BF16", 16),
    (Number::F64, "F64", 64),
    (Number::I64, "I64", 64),
    (Number::Other("BOOL"), "BOOL", 8),
    (Number::Other("F4"), "F4", 4),
    (Number::Other("F6_E2M3"), "F6_E2M3", 6),
    (Number::Other("F6_E3M2"), "F6_E3M2", 6),
    (Number::Other("U8"), "U8", 8),
    (Number::Other("I8"), "I8", 8),
    (Number::Other("F8_E5M2"), "F8_E5M2", 8),
    (Number::Other("F8_E4M3"), "F8_E4M3", 8),
    (Number::Other("F8_E8M0"), "F8_E8M0", 8),
    (Number::Other("F8_E4M3FNUZ"), "F8_E4M3FNUZ", 8),
    (Number::Other("F8_E5M2FNUZ"), "F8_E5M2FNUZ", 8),
    (Number::Other("I16"), "I16", 16),
    (Number::Other("U16"), "U16", 16),
    (Number::Other("I32"), "I32", 32),
    (Number::Other("U32"), "U32", 32),
    (Number::Other("C64"), "C64", 64),
    (Number::Other("U64"), "U64", 64),
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
    while i < NUMBERS.len() {
        let (number, known, bits) = NUMBERS[i];
        if says(name, known.as_bytes()) {
            return Some((number, bits));
        }
        i += 1;
    }
    None
}
