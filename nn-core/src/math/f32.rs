//! Functions of `f32`. Errors are in units in the last place of the result.

use super::coefficients::f32 as coefficients;
use super::{f64, functions};

/// The largest errors, in ulp: what the functions' documentation states and the tests assert.
pub mod max_error {
    /// Of [`exp`](super::exp).
    pub const EXP: f64 = 1.1;
    /// Of [`exp_m1`](super::exp_m1).
    pub const EXP_M1: f64 = 1.8;
    /// Of [`ln`](super::ln).
    pub const LN: f64 = 0.9;
    /// Of [`ln_1p`](super::ln_1p).
    pub const LN_1P: f64 = 1.5;
    /// Of [`tanh`](super::tanh).
    pub const TANH: f64 = 6.1;
    /// Of [`erf`](super::erf).
    pub const ERF: f64 = 3.2;
    /// Of [`sin`](super::sin) and [`cos`](super::cos), for `|x| ≤ 2³¹`.
    pub const SIN_COS: f64 = 1.6;
}

/// Below, `eˣ` is rounded to 0.
const EXP_LOW: f32 = -104.0;
/// Above, `eˣ` overflows.
const EXP_HIGH: f32 = 89.0;
/// Below, `eˣ − 1` is rounded to −1.
const EXP_M1_LOW: f32 = -20.0;
/// Above, tanh is rounded to 1.
const TANH_ONE: f32 = 9.02;
/// The bits from which half a float's bits are subtracted for its reciprocal square root, to 3 % (Lomont 2003).
#[cfg(any(test, not(feature = "std")))]
const RECIPROCAL_SQRT: u32 = 0x5f37_59df;
#[cfg(any(test, not(feature = "std")))]
const RECIPROCAL_SQRT_STEPS: u32 = 3;

functions!(f32, u32, i32);

/// Hyperbolic tangent, as `x P(x²) / Q(x²)` with polynomials `P` and `Q`: one division and no exponential.
///
/// - Error: at most [`max_error::TANH`], and never beyond ±1.
/// - Source: a rational minimax fit (Lawson 1961), `generate.py`.
// Half the time of `t / (t + 2)` with `t = e^(2|x|) − 1`, which errs by 2.6 ulp and stays in `f64`: predictions of 2-8-1 are 1.4 times as fast.
#[inline]
#[must_use]
pub fn tanh(x: f32) -> f32 {
    // In pairs, so that fewer sums wait for one another.
    #[inline]
    fn polynomial(z: f32, zz: f32, [a, b, c, d, e]: &[f32; 5]) -> f32 {
        (e * zz + (d * z + c)) * zz + (b * z + a)
    }
    let x = clamp(x, -TANH_ONE, TANH_ONE);
    let z = x * x;
    let zz = z * z;
    let y = x * polynomial(z, zz, &coefficients::TANH_ABOVE) / polynomial(z, zz, &coefficients::TANH_BELOW);
    clamp(y, -1.0, 1.0) // where it is near ±1, rounding may go beyond
}

/// Gauss' error function, as `1 − e^(−|x| Q(|x|))` with a polynomial `Q`.
///
/// - Error: at most [`max_error::ERF`].
/// - Source: `Q(x) = −ln(1 − erf x) / x` is smooth, so that a minimax polynomial fits it; `generate.py`.
#[inline]
#[must_use]
pub fn erf(x: f32) -> f32 {
    let a = clamp(x.abs(), 0.0, 4.0);
    (-exp_m1(-a * polynomial(a, &coefficients::ERF))).copysign(x)
}

/// Sine, for `|x| ≤ 2³¹`; NaN beyond.
///
/// - Error: at most [`max_error::SIN_COS`].
/// - Source: quarter turns after Cody, Waite (1980); a minimax polynomial.
#[inline]
#[must_use]
pub fn sin(x: f32) -> f32 {
    let (r, quadrant) = f64::quarter_turns(f64::from(x));
    let y = sin_or_cos(r, quadrant);
    if x == 0.0 { x } else { y }
}

/// Cosine, for `|x| ≤ 2³¹`; NaN beyond.
///
/// - Error: at most [`max_error::SIN_COS`].
/// - Source: quarter turns after Cody, Waite (1980); a minimax polynomial.
#[inline]
#[must_use]
pub fn cos(x: f32) -> f32 {
    let (r, quadrant) = f64::quarter_turns(f64::from(x));
    sin_or_cos(r, quadrant.wrapping_add(1))
}

/// The sine of `r + quadrant π/2`, `|r| ≤ π/4`.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "rounds the remainder to f32")]
fn sin_or_cos(r: f64, quadrant: i64) -> f32 {
    let r = r as f32;
    let z = r * r;
    let sin = r + r * z * polynomial(z, &coefficients::SIN);
    let cos = 1.0 - (0.5 * z - z * z * polynomial(z, &coefficients::COS));
    let y = if quadrant & 1 == 0 { sin } else { cos };
    if quadrant & 2 == 0 { y } else { -y }
}
