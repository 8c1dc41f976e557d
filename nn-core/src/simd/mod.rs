//! Instruction sets as tokens: kernels are generic in [`Simd`], and [`dispatch`] chooses once a call.
//!
//! The products of `f32` matrices, in which training spends its time, are methods of the token. Their code is compiled once in this crate for
//! each instruction set, and not again in the user's. Everything else that a layer does runs inside [`Simd::vectorize`], where the compiler may
//! use the instruction set for plain loops.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx512;
#[cfg(all(feature = "std", target_arch = "aarch64"))]
mod neon;
mod portable;

#[cfg(all(feature = "std", target_arch = "x86_64"))]
pub use avx2::Avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
pub use avx512::Avx512;
#[cfg(all(feature = "std", target_arch = "aarch64"))]
pub use neon::Neon;
pub use portable::Portable;

use crate::kernel::{Convolve, ConvolveBackward, Dots, MaxPool, MaxPoolBackward, Product};

/// An instruction set. A value of such a type proves that the processor has it.
pub trait Simd: Copy + Send + Sync + 'static {
    /// As checkpoints and benchmarks name it.
    const NAME: &'static str;
    /// Whether [`Simd::product`] and its like beat the loops of the layers, which are the reference and fix the order of every sum.
    const FAST: bool;

    /// Runs `work` where the compiler may use the instruction set.
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R;

    /// `C = A B`, or `C += A B`.
    fn product(self, product: Product<'_>);

    /// `y[n][o] = b[o] + Σᵢ x[n][i] w[o][i]`: both rows lie in memory as they are summed.
    fn dots(self, dots: Dots<'_>);

    /// `y = b + w ∗ x`.
    fn convolve(self, convolve: Convolve<'_>);

    /// `dx`, `dw` and `db` of a convolution.
    fn convolve_backward(self, backward: ConvolveBackward<'_>);

    /// The largest of each window of 2 × 2.
    fn max_pool(self, pool: MaxPool<'_>);

    /// `dx` of the largest of each window of 2 × 2.
    fn max_pool_backward(self, backward: MaxPoolBackward<'_>);
}

/// Which kernels to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernels {
    /// [`Portable`], on every machine: the reference, and the same bits everywhere.
    #[default]
    Portable,
    /// AVX2 and FMA, on x86-64.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx2(Avx2),
    /// AVX-512, on x86-64.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx512(Avx512),
    /// NEON, on 64-bit ARM.
    #[cfg(all(feature = "std", target_arch = "aarch64"))]
    Neon(Neon),
}

impl Kernels {
    /// The fastest that this machine has.
    #[inline]
    #[must_use]
    pub fn detect() -> Self {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        {
            if let Some(avx512) = Avx512::detect() {
                return Self::Avx512(avx512);
            }
            if let Some(avx2) = Avx2::detect() {
                return Self::Avx2(avx2);
            }
        }
        #[cfg(all(feature = "std", target_arch = "aarch64"))]
        if let Some(neon) = Neon::detect() {
            return Self::Neon(neon);
        }
        Self::Portable
    }

    /// All that this machine has, [`Kernels::Portable`] first.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn all() -> std::vec::Vec<Self> {
        #[allow(unused_mut, reason = "other architectures have no more")]
        let mut all = std::vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(Avx2::detect().map(Self::Avx2));
            all.extend(Avx512::detect().map(Self::Avx512));
        }
        #[cfg(target_arch = "aarch64")]
        all.extend(Neon::detect().map(Self::Neon));
        all
    }

    /// As checkpoints and benchmarks name them.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => Portable::NAME,
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Self::Avx2(_) => Avx2::NAME,
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Self::Avx512(_) => Avx512::NAME,
            #[cfg(all(feature = "std", target_arch = "aarch64"))]
            Self::Neon(_) => Neon::NAME,
        }
    }
}

/// Work that runs under one instruction set; mark `run` as `#[inline(always)]`.
pub trait Task {
    /// What the work gives.
    type Output;
    /// The work.
    fn run<S: Simd>(self, s: S) -> Self::Output;
}

/// Runs `task` with the chosen kernels.
#[inline]
pub fn dispatch<T: Task>(kernels: Kernels, task: T) -> T::Output {
    match kernels {
        Kernels::Portable => task.run(Portable),
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        Kernels::Avx2(s) => s.vectorize(
            #[inline(always)]
            || task.run(s),
        ),
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        Kernels::Avx512(s) => s.vectorize(
            #[inline(always)]
            || task.run(s),
        ),
        #[cfg(all(feature = "std", target_arch = "aarch64"))]
        Kernels::Neon(s) => s.vectorize(
            #[inline(always)]
            || task.run(s),
        ),
    }
}
