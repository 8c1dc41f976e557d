//! Functions of `f64`. Errors are relative to the result.

use super::coefficients::f64 as coefficients;
use super::functions;

/// The largest relative errors: what the functions' documentation states and the tests assert.
pub mod max_error {
    /// Of [`exp`](super::exp).
    pub const EXP: f64 = 3e-16;
    /// Of [`exp_m1`](super::exp_m1).
    pub const EXP_M1: f64 = 5e-16;
    /// Of [`ln`](super::ln).
    pub const LN: f64 = 3e-16;
    /// Of [`ln_1p`](super::ln_1p).
    pub const LN_1P: f64 = 3e-16;
    /// Of [`tanh`](super::tanh).
    pub const TANH: f64 = 6e-16;
    /// Of [`erf`](super::erf).
    pub const ERF: f64 = 8e-16;
    /// Of [`sin`](super::sin) and [`cos`](super::cos), for `|x| ≤ 2³¹`.
    pub const SIN_COS: f64 = 5e-16;
}

/// Below, `eˣ` is rounded to 0.
const EXP_LOW: f64 = -746.0;
/// Above, `eˣ` overflows.
const EXP_HIGH: f64 = 710.0;
/// Below, `eˣ − 1` is rounded to −1.
const EXP_M1_LOW: f64 = -40.0;
/// Above, tanh is rounded to 1.
const TANH_ONE: f64 = 20.0;
/// The bits from which half a float's bits are subtracted for its reciprocal square root, to 3 % (Lomont 2003).
#[cfg(any(test, not(feature = "std")))]
const RECIPROCAL_SQRT: u64 = 0x5fe6_eb50_c7b5_37a9;
#[cfg(any(test, not(feature = "std")))]
const RECIPROCAL_SQRT_STEPS: u32 = 4;

functions!(f64, u64, i64);

/// Hyperbolic tangent: `t / (t + 2)` with `t = e^(2|x|) − 1`, and the sign of `x`.
///
/// - Error: at most [`max_error::TANH`].
/// - Source: the definition.
#[inline]
#[must_use]
pub fn tanh(x: f64) -> f64 {
    let t = exp_m1(2.0 * clamp(x.abs(), 0.0, TANH_ONE));
    (t / (t + 2.0)).copysign(x)
}

/// Gauss' error function, as `1 − e^(−|x| Q(|x|))` with a polynomial `Q` in each of three ranges.
///
/// - Error: at most [`max_error::ERF`].
/// - Source: `Q(x) = −ln(1 − erf x) / x` is smooth, so that a minimax polynomial fits it; `generate.py`.
#[inline]
#[must_use]
pub fn erf(x: f64) -> f64 {
    let a = clamp(x.abs(), 0.0, 6.0);
    let (centre, q) = if a < 1.0 {
        (0.5, &coefficients::ERF_LOW)
    } else if a < 2.5 {
        (1.75, &coefficients::ERF_MIDDLE)
    } else {
        (4.25, &coefficients::ERF_HIGH)
    };
    (-exp_m1(-a * polynomial(a - centre, q))).copysign(x)
}

/// Sine, for `|x| ≤ 2³¹`; NaN beyond.
///
/// - Error: at most [`max_error::SIN_COS`].
/// - Source: quarter turns after Cody, Waite (1980); a minimax polynomial.
#[inline]
#[must_use]
pub fn sin(x: f64) -> f64 {
    let (r, quadrant) = quarter_turns(x);
    let y = sin_or_cos(r, quadrant);
    if x == 0.0 { x } else { y }
}

/// Cosine, for `|x| ≤ 2³¹`; NaN beyond.
///
/// - Error: at most [`max_error::SIN_COS`].
/// - Source: quarter turns after Cody, Waite (1980); a minimax polynomial.
#[inline]
#[must_use]
pub fn cos(x: f64) -> f64 {
    let (r, quadrant) = quarter_turns(x);
    sin_or_cos(r, quadrant.wrapping_add(1))
}

/// `(r, n)` with `x = r + n π/2`, `|r| ≤ π/4`, for `|x| ≤ 2³¹`; NaN beyond. (Cody, Waite 1980: π/2 in parts whose products with `n` are exact.)
#[inline]
pub(super) fn quarter_turns(x: f64) -> (f64, i64) {
    let x = if x.abs() <= 2_147_483_648.0 { x } else { f64::NAN };
    let (n, quadrant) = nearest(x * core::f64::consts::FRAC_2_PI);
    let r = x - n * coefficients::FRAC_PI_2_1;
    let r = r - n * coefficients::FRAC_PI_2_2;
    let r = r - n * coefficients::FRAC_PI_2_3;
    let r = r - n * coefficients::FRAC_PI_2_4;
    (r - n * coefficients::FRAC_PI_2_5, quadrant)
}

/// The sine of `r + quadrant π/2`, `|r| ≤ π/4`.
#[inline]
fn sin_or_cos(r: f64, quadrant: i64) -> f64 {
    let z = r * r;
    let sin = r + r * z * polynomial(z, &coefficients::SIN);
    let cos = 1.0 - (0.5 * z - z * z * polynomial(z, &coefficients::COS));
    let y = if quadrant & 1 == 0 { sin } else { cos };
    if quadrant & 2 == 0 { y } else { -y }
}
