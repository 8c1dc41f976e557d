//! The 16-bit floating-point formats of files, widened; every value of both is an `f32`.
//!
//! Source: IEEE 754-2008, binary16; bfloat16 is the upper half of a binary32.

/// Binary16 as `f32`: 1 bit of sign, 5 of exponent, 10 of fraction.
pub(super) const fn f16(bits: u16) -> f32 {
    let sign = (bits as u32 & 0x8000) << 16;
    let exponent = (bits as u32 >> 10) & 0x1f;
    let fraction = bits as u32 & 0x3ff;
    match exponent {
        // Subnormal: fraction · 2⁻²⁴, exact.
        0 => f32::from_bits(sign | (fraction as f32 * (1.0 / 16_777_216.0)).to_bits()),
        // Infinite or NaN.
        31 => f32::from_bits(sign | 0x7f80_0000 | (fraction << 13)),
        // The exponent's bias goes from 15 to 127.
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

/// Bfloat16 as `f32`.
pub(super) const fn bf16(bits: u16) -> f32 {
    f32::from_bits((bits as u32) << 16)
}

#[cfg(test)]
mod tests {
    /// Every pattern against the definition: (−1)ˢ · 2ᵉ · significand, in `f64`.
    #[test]
    fn every_value_is_the_definitions() {
        for bits in 0..=u16::MAX {
            let value = |exponent_bits: u32, fraction_bits: u32| {
                let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
                let exponent = i32::from((bits & 0x7fff) >> fraction_bits);
                let fraction = f64::from(bits & ((1 << fraction_bits) - 1)) / f64::from(1 << fraction_bits);
                let bias = (1 << (exponent_bits - 1)) - 1;
                match exponent {
                    0 => sign * f64::powi(2.0, 1 - bias) * fraction,
                    e if e == 2 * bias + 1 && fraction == 0.0 => sign * f64::INFINITY,
                    e if e == 2 * bias + 1 => f64::NAN,
                    e => sign * f64::powi(2.0, e - bias) * (1.0 + fraction),
                }
            };
            for (ours, definition) in [(super::f16(bits), value(5, 10)), (super::bf16(bits), value(8, 7))] {
                let (ours, definition) = (f64::from(ours), definition);
                assert!(ours.to_bits() == definition.to_bits() || ours.is_nan() && definition.is_nan(), "{bits:#06x}: {ours} {definition}");
            }
        }
    }
}
