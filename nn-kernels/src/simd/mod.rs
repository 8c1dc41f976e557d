//! Instruction sets as tokens: what a network computes is generic in [`Simd`], and [`dispatch`] chooses once a call.
//!
//! Where the time goes, a layer calls a kernel (see [`kernel`](crate::kernel)), which is compiled in this crate once for each instruction
//! set. So a network needs to be compiled in the user's crate for two tokens alone: [`Portable`], and [`Native`] for whatever instruction set
//! the machine has. Only networks that are over sooner than a few calls would take are compiled for each instruction set, loops and all.
//!
//! # Why networks are compiled by two tokens
//!
//! To compile a user's network for each instruction set took a third of a rebuild. What treats every number alone (activations,
//! optimizers) is compiled in this project too, for flat slices of `f32`. A loss or a layer of the user's own runs inside
//! [`Simd::vectorize`], which alone is compiled for each instruction set. Two exceptions, both by constants, so that nothing is
//! compiled that cannot run:
//!
//! - a tiny network ([`Task::TINY`], by its multiply-adds) is over sooner than a few calls, so it is compiled for each instruction set
//!   with its loops in place ([`Simd::INLINE`]);
//! - `f64`, which has no kernels, runs the layers' own loops.
//!
//! [`Portable`] keeps the loops of the layers' files: separate multiply and add in one order, the same bits everywhere. Fast kernels
//! fuse and reorder, so they agree to rounding. [`Compact`] is a third token, for code that is to be small: see
//! [`kernel::compact`](crate::kernel::compact).

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx512;
mod compact;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod methods;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod native;
#[cfg(all(feature = "std", target_arch = "aarch64"))]
mod neon;
mod portable;

#[cfg(all(feature = "std", target_arch = "x86_64"))]
use avx2::Avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
use avx512::Avx512;
pub use compact::Compact;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use native::Native;
#[cfg(all(feature = "std", target_arch = "aarch64"))]
use neon::Neon;
pub use portable::Portable;

use crate::kernel::Kernel;
use crate::threads::Threads;

/// Instructions for a network to run by. A value of such a type proves that the processor has them.
pub trait Simd: Copy + Send + Sync + 'static {
    /// Whether kernels beat the loops of the layers, which are the reference and fix the order of every sum.
    const FAST: bool;
    /// Whether the caller is compiled for these instructions: then a few numbers are computed sooner where they are than by a kernel.
    const INLINE: bool;
    /// Whether code is to be small: kernels, which for [`Kernels::Portable`] are rolled loops with the bits of the layers' own, are taken
    /// wherever they exist.
    const COMPACT: bool = false;

    /// What kernels are called with.
    fn kernels(self) -> Kernels;

    /// Runs `work` where the compiler may use the instructions; for [`Native`] it is compiled for each instruction set.
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R;
}

/// Instructions with the bits of [`Portable`], which every machine has.
pub trait Reference: Simd + Default {}

impl Reference for Portable {}
impl Reference for Compact {}

/// Which kernels to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernels {
    /// [`Portable`], on every machine: the reference, and the same bits everywhere.
    #[default]
    Portable,
    /// Those of an instruction set of this machine: AVX2 with FMA or AVX-512 on x86-64, NEON on 64-bit ARM.
    #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
    Native(Native),
}

impl Kernels {
    /// The fastest that this machine has.
    #[inline]
    #[must_use]
    pub fn detect() -> Self {
        #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
        if let Some(native) = Native::detect() {
            return Self::Native(native);
        }
        Self::Portable
    }

    /// All that this machine has: [`Kernels::Portable`] first, the fastest last.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn all() -> std::vec::Vec<Self> {
        let all = core::iter::once(Self::Portable);
        #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
        let all = all.chain(Native::all().map(Self::Native));
        all.collect()
    }

    /// As checkpoints and benchmarks name them: `portable`, `avx2`, `avx512`, `neon`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
            Self::Native(native) => native.name(),
        }
    }

    /// The same on so many threads; the portable ones, which are the reference, know one.
    #[doc(hidden)]
    #[cfg(feature = "std")]
    #[cfg_attr(
        not(any(target_arch = "x86_64", target_arch = "aarch64")),
        allow(unused_variables, reason = "there are none but the portable ones")
    )]
    #[inline]
    #[must_use]
    pub fn on(self, threads: Threads) -> Self {
        match self {
            Self::Portable => Self::Portable,
            #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
            Self::Native(Native(set, _)) => Self::Native(Native(set, threads)),
        }
    }

    /// How many threads may share what is run.
    #[doc(hidden)]
    #[inline(always)]
    #[must_use]
    pub fn threads(self) -> Threads {
        match self {
            Self::Portable => Threads::ONE,
            #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
            Self::Native(Native(_, threads)) => threads,
        }
    }

    /// As [`Simd::vectorize`].
    #[inline(always)]
    pub fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        match self {
            Self::Portable => work(),
            #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
            Self::Native(native) => native.vectorize(work),
        }
    }

    /// Runs a kernel; called by one function of this crate for each, which is so compiled once for each instruction set.
    #[inline(always)]
    pub(crate) fn run<K: Kernel>(self, kernel: &mut K) -> K::Output {
        match self {
            Self::Portable => kernel.portable(),
            #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
            Self::Native(native) => native::with_set!(native, s => s.vectorize(
                #[inline(always)]
                || kernel.lanes(s),
            )),
        }
    }
}

/// Work that runs by one token; mark `run` as `#[inline(always)]`.
pub trait Task {
    /// What the work gives.
    type Output;
    /// Whether the work is over sooner than calls of kernels would be, so that it is to be compiled for each instruction set.
    const TINY: bool = false;
    /// The work.
    fn run<S: Simd>(self, s: S) -> Self::Output;
}

/// Runs `task` with the chosen kernels.
#[inline]
pub fn dispatch<T: Task>(kernels: Kernels, task: T) -> T::Output {
    dispatch_with::<Portable, T>(kernels, task)
}

/// As [`dispatch`]; [`Kernels::Portable`] run it by `P`.
#[inline]
pub fn dispatch_with<P: Reference, T: Task>(kernels: Kernels, task: T) -> T::Output {
    match kernels {
        Kernels::Portable => task.run(P::default()),
        #[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
        Kernels::Native(native) => {
            if const { T::TINY } {
                native::with_set!(native, s => s.vectorize(
                    #[inline(always)]
                    || task.run(s),
                ))
            } else {
                task.run(native)
            }
        }
    }
}
