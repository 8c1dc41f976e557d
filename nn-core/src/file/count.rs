//! Counters, such as a `BatchNorm`'s: whole numbers, whatever their type in the file.

use super::json::{between, byte};
use super::number::Number;

/// Whether a file's type can hold a count: whole numbers, and the floats that can be read.
pub(super) const fn counts(number: Number) -> bool {
    match number {
        Number::Other(name) => is_integer(name),
        _ => true,
    }
}

/// The names of signed integers begin with I, of unsigned ones with U.
const fn is_integer(name: &str) -> bool {
    matches!(byte(name.as_bytes(), 0), b'I' | b'U')
}

/// The whole number below 2⁶³ that the bytes of one element hold, if they do.
#[inline(never)]
const fn count(data: &[u8], number: Number) -> Option<i64> {
    let (mut bits, mut i) = (0, data.len());
    while i > 0 {
        i -= 1;
        bits = bits << 8 | byte(data, i) as u64;
    }
    match number {
        Number::F16 => whole(bits, 5, 10),
        Number::BF16 => whole(bits, 8, 7),
        Number::F32 => whole(bits, 8, 23),
        Number::F64 => whole(bits, 11, 52),
        Number::Other(name) if byte(name.as_bytes(), 0) == b'U' => match bits.cast_signed() {
            value if value >= 0 => Some(value),
            _ => None,
        },
        Number::I64 | Number::Other(_) => {
            let unused = if data.len() < 8 { 64 - 8 * data.len() } else { 0 };
            Some((bits << unused).cast_signed() >> unused)
        }
    }
}

/// A float of so many bits as a whole number: by its bits, since floats of 64 bits take a microcontroller kilobytes.
const fn whole(bits: u64, exponent: u32, fraction: u32) -> Option<i64> {
    let ones = (1 << exponent) - 1;
    let (power, bias) = ((bits >> fraction) & ones, ones >> 1);
    let is_negative = bits >> (exponent + fraction) != 0;
    if bits << (63 - exponent - fraction) << 1 == 0 {
        return Some(0);
    }
    // Below 1, or beyond the range: infinite and NaN have the largest power.
    if power < bias || power - bias >= 63 || power == ones {
        return None;
    }
    let (point, digits) = (fraction as u64, bits & ((1 << fraction) - 1) | 1 << fraction);
    let power = power - bias;
    let value = if power >= point {
        digits << (power - point)
    } else if digits & ((1 << (point - power)) - 1) == 0 {
        digits >> (point - power)
    } else {
        return None;
    };
    Some(if is_negative { -value.cast_signed() } else { value.cast_signed() })
}

/// Element `i` of `elements`, as [`count`] says.
pub(super) const fn count_at(data: &[u8], number: Number, i: usize, elements: usize) -> Option<i64> {
    let size = match data.len().checked_div(elements) {
        Some(size) => size,
        None => 0,
    };
    count(between(data, i * size, (i + 1) * size), number)
}

/// Writes a count of four or eight bytes, which is known to fit.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "known to fit")]
pub(super) const fn put_count(memory: &mut [u8], count: i64) {
    if let Some(memory) = memory.first_chunk_mut::<8>() {
        *memory = count.to_ne_bytes();
    } else if let Some(memory) = memory.first_chunk_mut::<4>() {
        *memory = (count as u32).to_ne_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_whole_as_the_processor_says() {
        let mut random = crate::random::Stream::new(&[5]);
        for i in 0..100_000 {
            // Every power, and few enough digits that many are whole.
            let bits = (u64::from(random.bits()) << 32 | u64::from(random.bits())) & !(u64::MAX >> (i % 64));
            let value = f64::from_bits(bits);
            let is_whole = value.trunc() == value && value.abs() < f64::exp2(63.0);
            #[allow(clippy::cast_possible_truncation, reason = "whole")]
            let expected = is_whole.then_some(value as i64);
            assert_eq!(count(&bits.to_le_bytes(), Number::F64), expected, "{value:e}");
        }
        for bits in 0..=u16::MAX {
            for (number, value) in [(Number::F16, super::super::half::f16(bits)), (Number::BF16, super::super::half::bf16(bits))] {
                let is_whole = value.trunc() == value && value.abs() < f32::exp2(63.0);
                #[allow(clippy::cast_possible_truncation, reason = "whole")]
                let expected = is_whole.then_some(value as i64);
                assert_eq!(count(&bits.to_le_bytes(), number), expected, "{number:?} {value:e}");
            }
        }
    }

    #[test]
    fn integers_are_whole_and_have_a_sign_by_their_name() {
        for (data, name, expected) in [
            (&[5][..], "U8", Some(5)),
            (&[0xff], "U8", Some(255)),
            (&[0xff], "I8", Some(-1)),
            (&[0, 0x80], "I16", Some(-32768)),
            (&[0, 0x80], "U16", Some(32768)),
            (&[1, 0, 0, 0x80], "I32", Some(-2147483647)),
            (&[1, 0, 0, 0x80], "U32", Some(2147483649)),
            (&[1, 0, 0, 0, 0, 0, 0, 0], "U64", Some(1)),
            (&[1, 0, 0, 0, 0, 0, 0, 0x80], "U64", None),
        ] {
            assert!(counts(Number::Other(name)));
            assert_eq!(count(data, Number::Other(name)), expected, "{name}");
        }
        assert_eq!(count(&(-7_i64).to_le_bytes(), Number::I64), Some(-7));
        assert!(!counts(Number::Other("BOOL")) && !counts(Number::Other("F8_E5M2")) && !counts(Number::Other("C64")));
    }
}
