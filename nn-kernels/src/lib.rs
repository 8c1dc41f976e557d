//! The kernels of `nn-core`: products of `f32` matrices, convolutions and pools for every instruction set, chosen when the program runs.
//!
//! A crate of its own, because it needs nothing of the others: it is compiled while the macro is. Users find all of it in `nn-core`.
//!
//! It is most of what there is to compile. On two cores it is compiled while `syn` and the macro are, for which `nn-core` has to wait:
//! a cold build takes 12 s instead of 17.
#![no_std]

#[cfg(feature = "std")]
extern crate std;

pub mod kernel;
mod simd;
pub mod threads;

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use simd::Native;
pub use simd::{Compact, Kernels, Portable, Reference, Simd, Task, dispatch, dispatch_with};
