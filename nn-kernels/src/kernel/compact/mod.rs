//! Rolled kernels for flash that is small: one loop a layer kind, whose sizes are numbers, shared by all layers of a program.
//!
//! Every sum is made in the order of the layers' own loops, so that the bits are the same. Each kernel is an entry, which is inlined and
//! compares the slices' lengths with the sizes (constants, where a layer calls it: nothing is left of the comparison), and a function behind
//! it that is there once.
#![allow(unsafe_code, reason = "rolled loops through pointers have no checks to pay for; the entries have compared all lengths")]

mod convolve;
mod convolve_pool;
mod dense;
mod fours;
mod pool;

pub use convolve::{convolve, convolve_backward, convolve_descend};
pub use convolve_pool::convolve_pool;
pub use dense::{dense_backward, dense_descend, dots, product, sum_rows};
pub use fours::IS_FASTEST;
pub use pool::{max_pool, max_pool_backward};

use super::times;
