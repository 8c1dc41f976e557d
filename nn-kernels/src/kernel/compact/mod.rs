//! Rolled kernels for flash that is small: one loop a layer kind, whose sizes are numbers, shared by all layers of a program.
//!
//! Every sum is made in the order of the layers' own loops, so that the bits are the same. Each kernel is an entry, which is inlined and
//! compares the slices' lengths with the sizes (constants, where a layer calls it: nothing is left of the comparison), and a function behind
//! it that is there once.
//!
//! # When they run
//!
//! Under `#[optimize(size)]` a network's `Network::Portable` is `Compact` instead of `Portable`. Wherever a kernel exists it is taken,
//! and `Kernels::Portable` runs it by these loops. Dense layers sum four partial sums, then the rest; gradients of convolutions eight
//! columns: so the policy changes no bit, and `tests/kernels.rs` runs every layer by both. Speed is the default, for flash is rarely
//! short. The policy speaks of firmware: the training loop on a PC always takes the layers' loops.
//!
//! On a Cortex-M4F the dense kernels are written in its own instructions (`fours`): four registers a load, where the compiler takes
//! four loads. They beat the unrolled loops, so that `Portable` takes them too. `vmla` rounds between its two operations, so it is no
//! fused multiply-add. The rolled convolutions go through rows by the same instructions; with the overhead of a row they take twice to
//! seven times what unrolled ones take, in a sixth of the flash.
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
