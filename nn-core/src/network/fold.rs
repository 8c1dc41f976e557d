//! The arithmetic of folding a normalisation into the layer before it, in `f64` and fit for constants.

/// The factor and the summand of a channel: `scale = weight / √(variance + ε)`, `shift = (before − mean) scale + bias`, where `before` is
/// the bias of the layer before.
pub(crate) const fn scale_and_shift(weight: f64, bias: f64, mean: f64, variance: f64, epsilon: f64, before: f64) -> (f64, f64) {
    let scale = weight / sqrt(variance + epsilon);
    (scale, (before - mean) * scale + bias)
}

/// `√x` to within 1 ulp for normal numbers; NaN below 0. `Scalar::sqrt` is no constant function.
///
/// - Source: Newton's iteration for `1/√x` from half its bits (Lomont 2003), then one step for the root itself.
const fn sqrt(x: f64) -> f64 {
    if x == 0.0 || x == f64::INFINITY {
        return x;
    }
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let mut reciprocal = f64::from_bits(0x5fe6_eb50_c7b5_37a9 - (x.to_bits() >> 1));
    let mut i = 0;
    while i < 4 {
        reciprocal = reciprocal * (1.5 - 0.5 * x * reciprocal * reciprocal);
        i += 1;
    }
    let root = x * reciprocal;
    root + 0.5 * reciprocal * (x - root * root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_within_an_ulp() {
        let mut random = crate::random::Stream::new(&[1]);
        for _ in 0..10_000 {
            let x = f64::exp2(random.uniform(-60.0, 60.0));
            let (root, exact) = (sqrt(x), x.sqrt());
            assert!(root.to_bits().abs_diff(exact.to_bits()) <= 1, "{x:e}: {root:e} {exact:e}");
        }
        assert!(sqrt(-1.0).is_nan() && sqrt(f64::NAN).is_nan());
        assert_eq!((sqrt(0.0), sqrt(f64::INFINITY)), (0.0, f64::INFINITY));
    }

    #[test]
    fn a_channel_is_what_the_layers_compute() {
        let (scale, shift) = scale_and_shift(2.0, 0.5, 1.0, 3.0, 1.0, 4.0);
        // z + 4 normalised: 2 (z + 4 − 1) / 2 + 0.5
        assert_eq!((scale, shift), (1.0, 3.5));
    }
}
