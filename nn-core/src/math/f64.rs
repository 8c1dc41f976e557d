//! Functions of `f64`.

/// Stand-in.
#[must_use]
pub fn sqrt(x: f64) -> f64 {
    std::primitive::f64::sqrt(x)
}
/// Stand-in.
#[must_use]
pub fn exp(x: f64) -> f64 {
    std::primitive::f64::exp(x)
}
/// Stand-in.
#[must_use]
pub fn ln(x: f64) -> f64 {
    std::primitive::f64::ln(x)
}
/// Stand-in.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    std::primitive::f64::ln_1p(x)
}
/// Stand-in.
#[must_use]
pub fn tanh(x: f64) -> f64 {
    std::primitive::f64::tanh(x)
}
/// Stand-in.
#[must_use]
pub fn erf(x: f64) -> f64 {
    x
}
/// Stand-in.
#[must_use]
pub fn sin(x: f64) -> f64 {
    std::primitive::f64::sin(x)
}
/// Stand-in.
#[must_use]
pub fn cos(x: f64) -> f64 {
    std::primitive::f64::cos(x)
}
