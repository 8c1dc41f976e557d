//! The instruction sets of the machine that the program runs on, behind one token.

#[cfg(target_arch = "aarch64")]
use super::Neon;
#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{Kernels, Simd};
use crate::threads::Threads;
use std::sync::OnceLock;

/// The kernels of an instruction set that this machine has, found when the program runs.
///
/// Code that is generic in [`Simd`] is compiled once for all of them; each kernel that it calls chooses among those that this crate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Native(pub(super) Set, pub(super) Threads);

/// The instruction sets of this architecture; none where there are no kernels for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
}

/// Runs `$work` with the token of `$native`'s instruction set as `$s`.
macro_rules! with_set {
    ($native:expr, $s:ident => $work:expr) => {
        match $native.0 {
            #[cfg(target_arch = "x86_64")]
            $crate::simd::native::Set::Avx2($s) => $work,
            #[cfg(target_arch = "x86_64")]
            $crate::simd::native::Set::Avx512($s) => $work,
            #[cfg(target_arch = "aarch64")]
            $crate::simd::native::Set::Neon($s) => $work,
        }
    };
}
pub(super) use with_set;

impl Native {
    /// The fastest that this machine has; looked for once, so that a prediction asks for one number in memory and not for a feature each.
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        static FOUND: OnceLock<Option<Native>> = OnceLock::new();
        *FOUND.get_or_init(Self::look)
    }

    #[cold]
    fn look() -> Option<Self> {
        Self::all().last()
    }

    /// All that this machine has, the fastest last.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let all = [Avx2::detect().map(Self::from), Avx512::detect().map(Self::from)];
        #[cfg(target_arch = "aarch64")]
        let all = [Neon::detect().map(Self::from)];
        all.into_iter().flatten()
    }

    /// As checkpoints and benchmarks name it.
    pub(super) fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(_) => "avx512",
            #[cfg(target_arch = "aarch64")]
            Set::Neon(_) => "neon",
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl From<Avx2> for Native {
    #[inline(always)]
    fn from(s: Avx2) -> Self {
        Self(Set::Avx2(s), Threads::ONE)
    }
}

#[cfg(target_arch = "x86_64")]
impl From<Avx512> for Native {
    #[inline(always)]
    fn from(s: Avx512) -> Self {
        Self(Set::Avx512(s), Threads::ONE)
    }
}

#[cfg(target_arch = "aarch64")]
impl From<Neon> for Native {
    #[inline(always)]
    fn from(s: Neon) -> Self {
        Self(Set::Neon(s), Threads::ONE)
    }
}

impl Simd for Native {
    const FAST: bool = true;
    const INLINE: bool = false;

    #[inline(always)]
    fn kernels(self) -> Kernels {
        Kernels::Native(self)
    }

    #[inline(always)]
    fn vectorize<R>(self, work: impl FnOnce() -> R) -> R {
        with_set!(self, s => s.vectorize(work))
    }
}
