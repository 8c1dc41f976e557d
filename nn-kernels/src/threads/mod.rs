//! Work cut into parts, each made by one thread: behind the feature `threads`; without it, all work is one part.
//!
//! Outputs are cut and sums are not: samples in forward, rows of weights in `dW`. So every number is made by one
//! thread in the order in which it is made alone, and the result does not depend on how many there are. The cuts lie where a kernel goes
//! over from one group of samples to the next ([`GRAIN`]), so that each sample meets the instructions that it met in the whole.
//!
//! How many threads there may be is part of [`Kernels`](crate::Kernels): of the token that layers pass on, out of sight of their users. Only
//! work above a measured size is cut ([`WORTH`]).

mod cut;
#[cfg(feature = "threads")]
mod region;

#[cfg(feature = "threads")]
pub(crate) use cut::into_parts;
pub use cut::{Cut, Rows};

/// Samples of a part are a multiple of this, but for the last part's, which has at least as many: the widest registers' lanes.
pub const GRAIN: usize = 16;

/// Multiply-adds, or what takes as long, from which work is cut.
///
/// Measured on two cores of 2 GHz and more: a second thread begins 1 to 2 µs after the first while it is awake, and 15 to 30 µs after it had
/// nothing to do for a while. This many multiply-adds take 15 to 30 µs in the widest registers: two threads awake need little more than half,
/// and where the second one sleeps, the first has taken back its part before it comes (see `region.rs`).
#[cfg(feature = "threads")]
pub const WORTH: usize = 1 << 20;

/// How many threads may share a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(#[cfg(feature = "threads")] u16);

#[cfg(not(feature = "threads"))]
impl Threads {
    /// The caller's own.
    pub const ONE: Self = Self();
    /// As many as there are.
    pub const ALL: Self = Self();
}

#[cfg(feature = "threads")]
impl Threads {
    /// The caller's own.
    pub const ONE: Self = Self(1);
    /// As many as the pool has in which the work begins.
    pub const ALL: Self = Self(0);

    /// So many; `None` where there are none.
    #[must_use]
    pub fn exactly(count: usize) -> Option<Self> {
        if count == 0 { None } else { Some(Self(u16::try_from(count).unwrap_or(u16::MAX))) }
    }

    /// Into how many parts to cut so much work.
    fn parts(self, work: usize) -> usize {
        match self.0 {
            1 => 1,
            _ if work < WORTH => 1,
            0 => region::threads(),
            count => usize::from(count),
        }
    }
}

impl Threads {
    /// Whether so much work is to be cut.
    #[cfg_attr(not(feature = "threads"), allow(unused_variables, reason = "it never is"))]
    #[inline(always)]
    #[must_use]
    pub fn share(self, work: usize) -> bool {
        #[cfg(feature = "threads")]
        return self.0 != 1 && self.parts(work) > 1;
        #[cfg(not(feature = "threads"))]
        false
    }

    /// Calls `run` with the whole, or with its parts on as many threads; `work` is in multiply-adds. Each part but the last has a multiple of
    /// `grain` units, and all have as many at least.
    #[cfg_attr(not(feature = "threads"), allow(unused_variables, reason = "there is one part"))]
    #[inline(always)]
    pub fn each<C: Cut + Send>(self, work: usize, grain: usize, whole: C, run: impl Fn(C) + Sync) {
        #[cfg(feature = "threads")]
        if self.share(work) {
            let parts = self.parts(work);
            return region::each(parts, cut::into_parts(whole, parts, grain), &run);
        }
        run(whole);
    }

    /// Calls `run` with each of some parts that together are `work`.
    #[cfg(feature = "threads")]
    pub(crate) fn all<P: Send>(self, work: usize, parts: impl FnOnce(usize) -> std::vec::Vec<P>, run: &(dyn Fn(P) + Sync)) {
        let threads = self.parts(work);
        region::each(threads, parts(threads), run);
    }
}
