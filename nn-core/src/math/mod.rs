//! The mathematics of every target: nn-core's own functions, the same bits on a PC and on a microcontroller.
//!
//! They are made of additions, multiplications, divisions and integer operations, each rounded once by IEEE 754, in one fixed order; nothing
//! comes from the platform's library, and no multiply-add is fused. The common ones are free of branches, so that loops over them vectorise.
//! Errors are measured by the tests against exact values (`generate.py` writes them): f32 functions in units in the last place (ulp) of the
//! correctly rounded result, f64 ones relatively.

#[rustfmt::skip]
mod coefficients;
mod functions;

pub mod f32;
pub mod f64;

#[cfg(test)]
mod tests;

use functions::functions;
