//! Functions of `f32`.

/// Stand-in.
#[must_use]
pub fn sqrt(x: f32) -> f32 {
    std::primitive::f32::sqrt(x)
}
/// Stand-in.
#[must_use]
pub fn exp(x: f32) -> f32 {
    std::primitive::f32::exp(x)
}
/// Stand-in.
#[must_use]
pub fn ln(x: f32) -> f32 {
    std::primitive::f32::ln(x)
}
/// Stand-in.
#[must_use]
pub fn ln_1p(x: f32) -> f32 {
    std::primitive::f32::ln_1p(x)
}
/// Stand-in.
#[must_use]
pub fn tanh(x: f32) -> f32 {
    std::primitive::f32::tanh(x)
}
/// Stand-in.
#[must_use]
pub fn erf(x: f32) -> f32 {
    x
}
/// Stand-in.
#[must_use]
pub fn sin(x: f32) -> f32 {
    std::primitive::f32::sin(x)
}
/// Stand-in.
#[must_use]
pub fn cos(x: f32) -> f32 {
    std::primitive::f32::cos(x)
}
