//! The mathematics of every target: nn-core's own functions, the same bits everywhere.

pub mod f32;
pub mod f64;
