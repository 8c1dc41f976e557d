//! The functions that are the same for f32 and f64 but for their constants.

/// Defines them for one float type, with `coefficients` in scope.
macro_rules! functions {
    ($float:ident, $bits:ident, $int:ident) => {
        /// Bits of the mantissa that are stored.
        const MANTISSA: u32 = $float::MANTISSA_DIGITS - 1;
        /// What is added to the exponent that is stored.
        const BIAS: $int = $float::MAX_EXP as $int - 1;
        /// 1.5 · 2^MANTISSA: added and subtracted again, it rounds to the nearest whole number.
        const ROUND: $float = ((3 as $int) << (MANTISSA - 1)) as $float;

        /// `c[0] + c[1] x + c[2] x² + …`
        #[inline]
        fn polynomial<const N: usize>(x: $float, c: &[$float; N]) -> $float {
            match c.as_slice() {
                [low @ .., high] => low.iter().rev().fold(*high, |sum, c| sum * x + c),
                [] => 0.0,
            }
        }

        /// The nearest whole number, as a float and as an integer; for `|x| < 2^(MANTISSA − 1)`.
        #[inline]
        fn nearest(x: $float) -> ($float, $int) {
            let shifted = x + ROUND;
            (shifted - ROUND, shifted.to_bits().wrapping_sub(ROUND.to_bits()).cast_signed())
        }

        /// `2ᵏ`, for `−BIAS < k ≤ BIAS`; `0` for `k = −BIAS`.
        #[inline]
        fn power_of_two(k: $int) -> $float {
            $float::from_bits((k.wrapping_add(BIAS) << MANTISSA).cast_unsigned())
        }

        /// `x` held between two values; NaN stays.
        #[inline]
        fn clamp(x: $float, low: $float, high: $float) -> $float {
            let x = if x < low { low } else { x };
            if x > high { high } else { x }
        }

        /// `(p, k)` with `eˣ = (1 + p) 2ᵏ`: `x = k ln 2 + r`, `|r| ≤ ln 2 / 2`, `p = eʳ − 1`.
        #[inline]
        fn exp_parts(x: $float) -> ($float, $int) {
            let (n, k) = nearest(x * core::$float::consts::LOG2_E);
            let r = (x - n * coefficients::LN_2_HIGH) - n * coefficients::LN_2_LOW;
            (r + r * r * polynomial(r, &coefficients::EXP), k)
        }

        /// `y 2ᵏ`, in two steps, so that results near both ends of the range are right.
        #[inline]
        fn scale(y: $float, k: $int) -> $float {
            let half = k >> 1;
            y * power_of_two(half) * power_of_two(k.wrapping_sub(half))
        }

        /// `eˣ`; overflows to ∞ and underflows gradually to 0.
        ///
        /// - Error: at most [`max_error::EXP`].
        /// - Source: `x = k ln 2 + r` after Cody, Waite, *Software Manual for the Elementary Functions* (1980); a minimax polynomial in `r`.
        #[inline]
        #[must_use]
        pub fn exp(x: $float) -> $float {
            let (p, k) = exp_parts(clamp(x, EXP_LOW, EXP_HIGH));
            scale(1.0 + p, k)
        }

        /// `eˣ − 1`, accurate for small `x` too.
        ///
        /// - Error: at most [`max_error::EXP_M1`].
        /// - Source: as [`exp`], with 1 taken away before the scaling.
        #[inline]
        #[must_use]
        pub fn exp_m1(x: $float) -> $float {
            let (p, k) = exp_parts(clamp(x, EXP_M1_LOW, EXP_HIGH));
            // eˣ − 1 = (p + (1 − 2⁻ᵏ)) 2ᵏ
            let one = 1.0 - power_of_two(k.wrapping_neg().max(-BIAS));
            scale(p + one, k)
        }

        /// `√½`, the lower end of the mantissas whose logarithm is computed.
        const SQRT_HALF: $bits = core::$float::consts::FRAC_1_SQRT_2.to_bits();

        /// `(f, e)` with `x = (1 + f) 2ᵉ`, `1 + f` from √½ to √2; for positive normal `x`.
        #[inline]
        fn ln_parts(x: $float) -> ($float, $int) {
            const ONE: $bits = (1.0 as $float).to_bits();
            let shifted = x.to_bits().wrapping_add(ONE - SQRT_HALF);
            let e = (shifted >> MANTISSA).cast_signed() - BIAS;
            let m = $float::from_bits((shifted & ((1 << MANTISSA) - 1)) + SQRT_HALF);
            (m - 1.0, e)
        }

        /// `ln(1 + f) + e ln 2`, by `ln(1 + f) = 2 atanh(s)`, `s = f / (2 + f)`.
        #[inline]
        fn ln_of_parts(f: $float, e: $int) -> $float {
            let n = e as $float;
            let s = f / (2.0 + f);
            let z = s * s;
            let tail = z * polynomial(z, &coefficients::LN);
            // 2 atanh(s) = f − (f²/2 − s (f²/2 + tail)): only small terms are rounded before f itself is added.
            let half = 0.5 * f * f;
            n * coefficients::LN_2_HIGH - ((half - (s * (half + tail) + n * coefficients::LN_2_LOW)) - f)
        }

        /// Natural logarithm; −∞ at 0, NaN below.
        ///
        /// - Error: at most [`max_error::LN`].
        /// - Source: `x = (1 + f) 2ᵉ`, then `ln(1 + f) = 2 atanh(f / (2 + f))` as Cody and Waite (1980) have it; a minimax polynomial.
        #[inline]
        #[must_use]
        pub fn ln(x: $float) -> $float {
            let subnormal = x < $float::MIN_POSITIVE;
            let normal = if subnormal { x * power_of_two(BIAS / 2) } else { x };
            let (f, e) = ln_parts(normal);
            let y = ln_of_parts(f, if subnormal { e - BIAS / 2 } else { e });
            ln_special(x, y)
        }

        /// `ln(1 + x)`, accurate for small `x` too; −∞ at −1, NaN below.
        ///
        /// - Error: at most [`max_error::LN_1P`].
        /// - Source: as [`ln`], with what `1 + x` lost to rounding added to `f` (Dekker 1971).
        #[inline]
        #[must_use]
        pub fn ln_1p(x: $float) -> $float {
            let u = 1.0 + x;
            // What the sum lost to rounding, exactly.
            let lost = if x > 1.0 { 1.0 - (u - x) } else { x - (u - 1.0) };
            let (f, e) = ln_parts(u);
            let y = ln_of_parts(f + lost * power_of_two((-e).max(-BIAS)), e);
            if x == 0.0 { x } else { ln_special(u, y) }
        }

        /// `y`, but for arguments `x` that have no finite logarithm.
        #[inline]
        fn ln_special(x: $float, y: $float) -> $float {
            let y = if x == $float::INFINITY { $float::INFINITY } else { y };
            let y = if x == 0.0 { $float::NEG_INFINITY } else { y };
            if x >= 0.0 { y } else { $float::NAN }
        }

        /// `√x`, correctly rounded; NaN below 0.
        ///
        /// With the feature `std` it is the processor's square root, whose result IEEE 754 and Rust's documentation fix to the bit; without, it is
        /// computed here. The bits are the same.
        #[inline]
        #[must_use]
        pub fn sqrt(x: $float) -> $float {
            #[cfg(feature = "std")]
            return std::primitive::$float::sqrt(x);
            #[cfg(not(feature = "std"))]
            computed_sqrt(x)
        }

        /// `√x`, correctly rounded, without the processor's instruction.
        #[cfg(any(test, not(feature = "std")))]
        #[inline]
        pub(super) fn computed_sqrt(x: $float) -> $float {
            const HIDDEN: $bits = 1 << MANTISSA;
            let subnormal = x < $float::MIN_POSITIVE;
            let normal = if subnormal { x * power_of_two(2 * (BIAS / 4)) } else { x };
            // normal = m 4ʰ with m from 1 to 4.
            let exponent = (normal.to_bits() >> MANTISSA).cast_signed() - BIAS;
            let h = exponent >> 1;
            let m = $float::from_bits(normal.to_bits().wrapping_sub((h << (MANTISSA + 1)).cast_unsigned()));
            // 1/√m to 3 %, each Newton step doubles the digits; one of Heron's steps leaves less than one unit in the last place.
            let mut y = $float::from_bits(RECIPROCAL_SQRT.wrapping_sub(m.to_bits() >> 1));
            for _ in 0..RECIPROCAL_SQRT_STEPS {
                y = y * (1.5 - 0.5 * m * y * y);
            }
            let s = m * y;
            let s = clamp(0.5 * (s + m / s), 1.0, (2.0 as $float).next_down());
            // In whole numbers: root r = s 2^MANTISSA, square M = m 4^MANTISSA; r is right where r − ½ < √M < r + ½, that is
            // r² − r < M ≤ r² + r. The difference M − r² is small, so that wrapping arithmetic gives it exactly.
            let whole = (m.to_bits() & (HIDDEN - 1)) | HIDDEN;
            let whole = if exponent & 1 == 0 { whole } else { whole << 1 };
            let root = (s.to_bits() & (HIDDEN - 1)) | HIDDEN;
            let difference = (whole << MANTISSA).wrapping_sub(root.wrapping_mul(root)).cast_signed();
            let up = difference > root.cast_signed();
            let down = difference <= -root.cast_signed();
            let root = root.wrapping_add($bits::from(up)).wrapping_sub($bits::from(down));
            // root 2^−MANTISSA 2ʰ; a root of 2 carries into the exponent, as it should.
            let y = $float::from_bits(root.wrapping_sub(HIDDEN).wrapping_add(((h + BIAS) << MANTISSA).cast_unsigned()));
            let y = if subnormal { y * power_of_two(-(BIAS / 4)) } else { y };
            let y = if x == 0.0 || x == $float::INFINITY { x } else { y };
            if x >= 0.0 { y } else { $float::NAN }
        }
    };
}
pub(super) use functions;
