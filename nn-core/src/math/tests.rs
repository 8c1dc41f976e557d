//! Errors measured: f32 functions against f64 ones, at 2²⁰ seeded points each; f64 functions against the platform's at as many points, and against
//! exact values (reference.txt, by mpmath) at 400.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "points are drawn in f64 and rounded")]

use std::prelude::rust_2024::*;
use std::{eprintln, format};

use super::{f32 as single, f64 as double};
use crate::random::Stream;

const POINTS: usize = 1 << 20;

/// Points of one range: uniform, or with uniform exponent and either sign.
#[derive(Clone, Copy)]
enum Range {
    Uniform(f64, f64),
    Exponent(f64, f64),
    PositiveExponent(f64, f64),
}
use Range::{Exponent, PositiveExponent, Uniform};

impl Range {
    fn draw(self, random: &mut Stream) -> f64 {
        let mut between = |low: f64, high: f64| low + (high - low) * random.unit();
        match self {
            Uniform(low, high) => between(low, high),
            PositiveExponent(low, high) => std::primitive::f64::exp2(between(low, high)),
            Exponent(low, high) => {
                let size = std::primitive::f64::exp2(between(low, high));
                if random.unit() < 0.5 { -size } else { size }
            }
        }
    }
}

/// The largest error of an f32 function in ulp of the exact result, over points of all ranges.
fn worst_single(name: &str, ranges: &[Range], f: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64) -> f64 {
    let mut random = Stream::new(&[1]);
    let (mut worst, mut at) = (0.0, 0.0);
    for range in ranges {
        for _ in 0..=POINTS / ranges.len() {
            let x = range.draw(&mut random) as f32;
            let exact = exact(f64::from(x));
            // The distance of neighbours where the exact result lies.
            let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
            let ulp = std::primitive::f64::powi(2.0, exponent.max(-126) - 23);
            let error = (f64::from(f(x)) - exact).abs() / ulp;
            if error > worst || error.is_nan() {
                (worst, at) = (error, x);
            }
        }
    }
    eprintln!("f32::{name}: {worst:.3} ulp at {at:e}");
    worst
}

/// The largest relative error of an f64 function: against the platform's function and against the exact values.
fn worst_double(name: &str, ranges: &[Range], f: impl Fn(f64) -> f64, platform: impl Fn(f64) -> f64) -> f64 {
    /// The larger error, and where it is.
    fn worse(worst: (f64, f64), error: f64, x: f64) -> (f64, f64) {
        if error <= worst.0 { worst } else { (error, x) }
    }
    let mut random = Stream::new(&[2]);
    let mut exact = (0.0, 0.0);
    let mut rows = 0;
    for line in include_str!("reference.txt").lines() {
        let Some(rest) = line.strip_prefix(&format!("{name} ")) else { continue };
        let mut numbers = rest.split(' ').map(|bits| f64::from_bits(u64::from_str_radix(bits, 16).unwrap()));
        let (x, high, low) = (numbers.next().unwrap(), numbers.next().unwrap(), numbers.next().unwrap());
        exact = worse(exact, (((f(x) - high) - low) / high).abs(), x);
        rows += 1;
    }
    assert_eq!(rows, 400, "{name}: exact values");
    let mut worst = exact;
    for range in ranges {
        for _ in 0..=POINTS / ranges.len() {
            let x = range.draw(&mut random);
            let platform = platform(x);
            worst = worse(worst, ((f(x) - platform) / platform).abs(), x);
        }
    }
    eprintln!("f64::{name}: {:.2e} at {:e} against exact values; {:.2e} at {:e}", exact.0, exact.1, worst.0, worst.1);
    worst.0
}

macro_rules! error_test {
    ($name:ident, $error:ident, [$($single:expr),*], [$($double:expr),*]) => {
        #[test]
        fn $name() {
            let error = worst_single(stringify!($name), &[$($single),*], single::$name, std::primitive::f64::$name);
            assert!(error <= single::max_error::$error, "f32: {error} ulp");
            let error = worst_double(stringify!($name), &[$($double),*], double::$name, std::primitive::f64::$name);
            assert!(error <= double::max_error::$error, "f64: {error}");
        }
    };
}
error_test!(exp, EXP, [Uniform(-87.0, 88.7), Uniform(-1.0, 1.0), Exponent(-30.0, 0.0)], [Uniform(-708.0, 709.7), Uniform(-1.0, 1.0)]);
error_test!(
    exp_m1,
    EXP_M1,
    [Uniform(-20.0, 88.7), Uniform(-1.0, 1.0), Exponent(-30.0, 0.0)],
    [Uniform(-40.0, 709.7), Uniform(-1.0, 1.0), Exponent(-60.0, 0.0)]
);
error_test!(
    ln,
    LN,
    [PositiveExponent(-149.0, 127.9), Uniform(0.5, 2.0), Uniform(0.999, 1.001)],
    [PositiveExponent(-1074.0, 1023.9), Uniform(0.5, 2.0), Uniform(0.999, 1.001)]
);
error_test!(
    ln_1p,
    LN_1P,
    [PositiveExponent(-100.0, 127.9), Uniform(-0.999, 2.0), Exponent(-30.0, -1.0)],
    [PositiveExponent(-1000.0, 1023.9), Uniform(-0.999, 2.0), Exponent(-60.0, -1.0)]
);
error_test!(
    tanh,
    TANH,
    [Uniform(-10.0, 10.0), Uniform(-1.0, 1.0), Exponent(-60.0, 4.0)],
    [Uniform(-20.0, 20.0), Uniform(-1.0, 1.0), Exponent(-60.0, 4.0)]
);
error_test!(
    sin,
    SIN_COS,
    [Uniform(-4.0, 4.0), Uniform(-1e4, 1e4), Exponent(-60.0, 31.0)],
    [Uniform(-4.0, 4.0), Uniform(-1e4, 1e4), Exponent(-60.0, 31.0)]
);
error_test!(
    cos,
    SIN_COS,
    [Uniform(-4.0, 4.0), Uniform(-1e4, 1e4), Exponent(-60.0, 31.0)],
    [Uniform(-4.0, 4.0), Uniform(-1e4, 1e4), Exponent(-60.0, 31.0)]
);

/// Other ways to erf than the one tested: below 1 the series `2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!`, whose terms are all of one sign; above, the
/// continued fraction `1 − erf x = e^(−x²)/√π / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))))`.
fn other_erf(x: f64) -> f64 {
    let a = x.abs();
    // e^(−a²), with a² in two parts, the first of them exact.
    let high = f64::from(a as f32);
    let bell =
        std::primitive::f64::exp(-high * high) * std::primitive::f64::exp((high - a) * (high + a)) * std::f64::consts::FRAC_2_SQRT_PI;
    if a < 1.0 {
        let sum = (1..25).rev().fold(1.0, |sum, n| 1.0 + 2.0 * a * a / f64::from(2 * n + 1) * sum);
        return x * sum * bell;
    }
    let fraction = (1..30 + (200.0 / (a * a)) as u32).rev().fold(a, |rest, n| a + 0.5 * f64::from(n) / rest);
    (1.0 - 0.5 * bell / fraction).copysign(x)
}

#[test]
fn erf() {
    let ranges = [Uniform(-5.0, 5.0), Uniform(-1.0, 1.0), Exponent(-60.0, 1.0)];
    let error = worst_single("erf", &ranges, single::erf, other_erf);
    assert!(error <= single::max_error::ERF, "f32: {error} ulp");
    let error = worst_double("erf", &ranges, double::erf, other_erf);
    assert!(error <= double::max_error::ERF, "f64: {error}");
}

#[test]
fn tanh_stays_between_its_bounds() {
    // Every f32 whose tanh is so near 1 that rounding could pass it.
    for bits in 6.5_f32.to_bits()..9.1_f32.to_bits() {
        let (x, y) = (f32::from_bits(bits), single::tanh(f32::from_bits(bits)));
        assert!(y <= 1.0 && single::tanh(-x) == -y, "tanh {x} = {y}");
    }
}

#[test]
fn the_f32_root_is_correctly_rounded_for_every_mantissa() {
    // Roots repeat with every factor of 4: two binades hold all mantissas. The others prove the scaling.
    for bits in (1.0_f32.to_bits()..4.0_f32.to_bits()).chain((0..0x7f80_0000).step_by(997)) {
        let x = f32::from_bits(bits);
        assert_eq!(single::computed_sqrt(x).to_bits(), std::primitive::f32::sqrt(x).to_bits(), "{x:e}");
    }
}

#[test]
fn the_f64_root_is_correctly_rounded() {
    let mut random = Stream::new(&[3]);
    for _ in 0..POINTS {
        let bits = (u64::from(random.bits()) << 32 | u64::from(random.bits())) >> 1;
        let x = f64::from_bits(bits);
        if x.is_finite() {
            assert_eq!(double::computed_sqrt(x).to_bits(), std::primitive::f64::sqrt(x).to_bits(), "{x:e}");
        }
        // Squares and their neighbours are the hard cases.
        let square = f64::from(random.bits()) * f64::from(random.bits());
        for x in [square, square.next_up(), square.next_down()] {
            assert_eq!(double::computed_sqrt(x).to_bits(), std::primitive::f64::sqrt(x).to_bits(), "{x:e}");
        }
    }
}

macro_rules! special_test {
    ($name:ident, $m:ident, $float:ident) => {
        #[test]
        fn $name() {
            let (inf, nan) = ($float::INFINITY, $float::NAN);
            for f in [$m::exp, $m::exp_m1, $m::ln, $m::ln_1p, $m::tanh, $m::erf, $m::sin, $m::cos, $m::sqrt, $m::computed_sqrt] {
                assert!(f(nan).is_nan());
            }
            assert_eq!($m::exp(0.0), 1.0);
            assert_eq!($m::exp(-0.0), 1.0);
            assert_eq!($m::exp(inf), inf);
            assert_eq!($m::exp(-inf), 0.0);
            assert_eq!($m::exp($float::MAX), inf);
            assert_eq!($m::exp($float::MIN), 0.0);
            // The last argument below the overflow, and the results that are subnormal.
            let last = std::primitive::$float::ln($float::MAX).next_down();
            assert!($m::exp(last).is_finite() && $m::exp(last.next_up().next_up()) == inf);
            let least = std::primitive::$float::ln($float::MIN_POSITIVE) - 2.0;
            let ratio = $m::exp(least) / std::primitive::$float::exp(least);
            assert!((ratio - 1.0).abs() < 1e-5 && $m::exp(least) < $float::MIN_POSITIVE);

            assert_eq!($m::exp_m1(0.0), 0.0);
            assert_eq!($m::exp_m1(inf), inf);
            assert_eq!($m::exp_m1(-inf), -1.0);
            assert!($m::exp_m1(last).is_finite());
            assert_eq!($m::exp_m1($float::MIN_POSITIVE), $float::MIN_POSITIVE);

            assert_eq!($m::ln(1.0), 0.0);
            assert_eq!($m::ln(0.0), -inf);
            assert_eq!($m::ln(-0.0), -inf);
            assert_eq!($m::ln(inf), inf);
            assert!($m::ln(-1.0).is_nan() && $m::ln(-inf).is_nan());
            let subnormal = $float::from_bits(1);
            assert!(($m::ln(subnormal) / std::primitive::$float::ln(subnormal) - 1.0).abs() < 1e-6);

            assert_eq!($m::ln_1p(0.0).to_bits(), (0.0 as $float).to_bits());
            assert_eq!($m::ln_1p(-0.0).to_bits(), (-0.0 as $float).to_bits());
            assert_eq!($m::ln_1p(-1.0), -inf);
            assert_eq!($m::ln_1p(inf), inf);
            assert!($m::ln_1p(-1.5).is_nan() && $m::ln_1p(-inf).is_nan());
            assert_eq!($m::ln_1p(subnormal), subnormal);
            assert!(($m::ln_1p($float::MAX) / std::primitive::$float::ln($float::MAX) - 1.0).abs() < 1e-6);

            for f in [$m::tanh, $m::erf] {
                assert_eq!(f(0.0).to_bits(), (0.0 as $float).to_bits());
                assert_eq!(f(-0.0).to_bits(), (-0.0 as $float).to_bits());
                assert_eq!(f(inf), 1.0);
                assert_eq!(f(-inf), -1.0);
                assert_eq!(f($float::MAX), 1.0);
            }
            assert_eq!($m::tanh(subnormal), subnormal);
            assert_eq!($m::tanh(-subnormal), -subnormal);

            assert_eq!($m::sin(-0.0).to_bits(), (-0.0 as $float).to_bits());
            assert_eq!($m::sin(subnormal), subnormal);
            assert_eq!($m::cos(0.0), 1.0);
            assert!($m::sin(inf).is_nan() && $m::cos(-inf).is_nan() && $m::sin(4e9).is_nan());

            for f in [$m::sqrt, $m::computed_sqrt] {
                assert_eq!(f(0.0).to_bits(), (0.0 as $float).to_bits());
                assert_eq!(f(-0.0).to_bits(), (-0.0 as $float).to_bits());
                assert_eq!(f(inf), inf);
                assert!(f(-1.0).is_nan() && f(-inf).is_nan());
                assert_eq!(f(subnormal).to_bits(), std::primitive::$float::sqrt(subnormal).to_bits());
                assert_eq!(f($float::MAX).to_bits(), std::primitive::$float::sqrt($float::MAX).to_bits());
            }
        }
    };
}
special_test!(special_values_of_f32, single, f32);
special_test!(special_values_of_f64, double, f64);
