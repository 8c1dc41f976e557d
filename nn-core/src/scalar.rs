//! The element type of a network: `f32`, or `f64` under `#[scalar(f64)]`.

use core::fmt::{Debug, Display};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::{Plain, math};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// `f32` or `f64`, with the arithmetic and the mathematics that layers need.
///
/// Every function is nn-core's own (see [`math`]), never the platform's, so that a PC and a microcontroller give the same bits.
pub trait Scalar:
    sealed::Sealed
    + crate::Tensor<Scalar = Self>
    + crate::field::Field
    + crate::field::Alike<<Self as crate::field::Field>::Unit>
    + Copy
    + Default
    + PartialEq
    + PartialOrd
    + Debug
    + Display
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
{
    /// A counter of the same size as the scalar, so that a struct of both has no padding.
    type Count: Plain + Copy + Default + Into<u64> + TryFrom<u64> + Debug;

    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The largest finite value.
    const MAX: Self;
    /// −∞.
    const NEG_INFINITY: Self;
    /// As safetensors and `Spec` name the type.
    const DTYPE: crate::spec::Dtype;

    /// Whether kernels exist for it: it is `f32`. Asked in a constant, so that only what runs is compiled.
    #[doc(hidden)]
    const HAS_KERNELS: bool = matches!(Self::DTYPE, crate::spec::Dtype::F32);

    /// The same numbers where the scalar is `f32`, for kernels that exist for it alone.
    #[doc(hidden)]
    fn f32s(values: &[Self]) -> Option<&[f32]>;
    /// As `f32s`, to be written.
    #[doc(hidden)]
    fn f32s_mut(values: &mut [Self]) -> Option<&mut [f32]>;

    /// The nearest value to `value`.
    fn from_f64(value: f64) -> Self;
    /// Exact.
    fn to_f64(self) -> f64;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// |x|.
    #[must_use]
    fn abs(self) -> Self;
    /// √x.
    #[must_use]
    fn sqrt(self) -> Self;
    /// eˣ.
    #[must_use]
    fn exp(self) -> Self;
    /// eˣ − 1, exact for small `x`.
    #[must_use]
    fn exp_m1(self) -> Self;
    /// Natural logarithm.
    #[must_use]
    fn ln(self) -> Self;
    /// ln(1 + x), exact for small `x`.
    #[must_use]
    fn ln_1p(self) -> Self;
    /// Hyperbolic tangent.
    #[must_use]
    fn tanh(self) -> Self;
    /// Gauss' error function.
    #[must_use]
    fn erf(self) -> Self;
    /// Sine.
    #[must_use]
    fn sin(self) -> Self;
    /// Cosine.
    #[must_use]
    fn cos(self) -> Self;

    /// The larger of two; `other` where `self` is NaN.
    #[inline]
    #[must_use]
    fn maximum(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    /// The smaller of two; `other` where `self` is NaN.
    #[inline]
    #[must_use]
    fn minimum(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
}

macro_rules! as_f32 {
    (f32, $values:ident) => {
        Some($values)
    };
    (f64, $values:ident) => {{
        let _ = $values;
        None
    }};
}

macro_rules! scalar {
    ($float:ident, $count:ident, $dtype:ident) => {
        impl Scalar for $float {
            type Count = $count;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const MAX: Self = $float::MAX;
            const NEG_INFINITY: Self = $float::NEG_INFINITY;
            const DTYPE: crate::spec::Dtype = crate::spec::Dtype::$dtype;

            #[inline]
            fn f32s(values: &[Self]) -> Option<&[f32]> {
                as_f32!($float, values)
            }
            #[inline]
            fn f32s_mut(values: &mut [Self]) -> Option<&mut [f32]> {
                as_f32!($float, values)
            }
            #[inline]
            #[allow(clippy::cast_possible_truncation, reason = "rounding to the scalar is what is asked for")]
            #[allow(clippy::cast_lossless, reason = "f64 from f64 in one of the two expansions")]
            fn from_f64(value: f64) -> Self {
                value as $float
            }
            #[inline]
            #[allow(clippy::cast_lossless, reason = "f64 from f64 in one of the two expansions")]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline]
            fn is_finite(self) -> bool {
                $float::is_finite(self)
            }
            #[inline]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[inline]
            fn sqrt(self) -> Self {
                math::$float::sqrt(self)
            }
            #[inline]
            fn exp(self) -> Self {
                math::$float::exp(self)
            }
            #[inline]
            fn exp_m1(self) -> Self {
                math::$float::exp_m1(self)
            }
            #[inline]
            fn ln(self) -> Self {
                math::$float::ln(self)
            }
            #[inline]
            fn ln_1p(self) -> Self {
                math::$float::ln_1p(self)
            }
            #[inline]
            fn tanh(self) -> Self {
                math::$float::tanh(self)
            }
            #[inline]
            fn erf(self) -> Self {
                math::$float::erf(self)
            }
            #[inline]
            fn sin(self) -> Self {
                math::$float::sin(self)
            }
            #[inline]
            fn cos(self) -> Self {
                math::$float::cos(self)
            }
        }
    };
}
scalar!(f32, u32, F32);
scalar!(f64, u64, F64);
