//! Work cut into parts, each made by one thread: behind the feature `threads`; without it, all work is one part.
//!
//! Outputs are cut and sums are not: samples in forward, rows of weights in `dW`. So every number is made by one
//! thread in the order in which it is made alone, and the result does not depend on how many there are. The cuts lie where a kernel goes
//! over from one group of samples to the next ([`GRAIN`]), so that each sample meets the instructions that it met in the whole.
//!
//! How many threads there may be is part of [`Kernels`](crate::Kernels): of the token that layers pass on, out of sight of their users. Only
//! work above a measured size is cut ([`WORTH`]). How many are fastest is found by trying ([`Trial`]).
//!
//! Layers, generated code and users' layers so know nothing of threads. What has state beside it (an optimizer's) is cut into pieces of
//! constant size. `predict_batch` gives each thread whole samples: one region for the whole network. The pool is rayon's, but not its
//! `join`: see `region`. Only what takes about 3 µs alone is shared. Portable kernels are the reference and never shared.

#[cfg(feature = "threads")]
use core::ops::RangeInclusive;

#[cfg(feature = "threads")]
mod copies;
mod cut;
#[cfg(feature = "threads")]
mod region;
#[cfg(feature = "threads")]
mod trial;

#[cfg(feature = "threads")]
pub(crate) use copies::can_drop_copies;
#[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) use cut::into_parts;
pub use cut::{Cut, Rows};
#[cfg(feature = "threads")]
pub use trial::Trial;

/// Samples of a part are a multiple of this, but for the last part's, which has at least as many: the widest registers' lanes.
pub const GRAIN: usize = 16;

/// Multiply-adds, or what takes as long, from which work is cut.
///
/// So many take 2 to 4 µs in the widest registers. A thread that waits for work begins 0.1 to 0.3 µs after the caller; one that sleeps comes 15
/// to 50 µs later, and finds that the caller has made its part. Less would pay only where the values are already on the other thread.
#[cfg(feature = "threads")]
pub const WORTH: usize = 1 << 17;

/// How many threads may share a piece of work, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads {
    #[cfg(feature = "threads")]
    count: u16,
    #[cfg(feature = "threads")]
    drops_copies: bool,
}

#[cfg(not(feature = "threads"))]
impl Threads {
    /// The caller's own.
    pub const ONE: Self = Self {};
    /// As many as there are.
    pub const ALL: Self = Self {};
}

#[cfg(feature = "threads")]
impl Threads {
    /// The caller's own.
    pub const ONE: Self = Self { count: 1, drops_copies: false };
    /// As many as the pool has in which the work begins.
    pub const ALL: Self = Self { count: 0, drops_copies: false };

    /// So many; `None` where there are none.
    #[must_use]
    pub fn exactly(count: usize) -> Option<Self> {
        if count == 0 { None } else { Some(Self::of(count, false)) }
    }

    /// So many, that drop copies or do not.
    fn of(count: usize, drops_copies: bool) -> Self {
        Self { count: u16::try_from(count).unwrap_or(u16::MAX), drops_copies }
    }

    /// How many; 0 where it is the pool that says it.
    fn count(self) -> usize {
        usize::from(self.count)
    }

    /// Whether parts drop the copies that other cores have of what they write next (see `copies.rs`).
    #[must_use]
    pub fn drops_copies(self) -> bool {
        self.drops_copies
    }

    /// Between which numbers there is a choice: [`Threads::ALL`] are at most as many as the pool has to which this thread belongs, or the whole
    /// program's.
    #[must_use]
    pub fn counts(self) -> RangeInclusive<usize> {
        match self.count() {
            0 => 1..=region::threads().max(1),
            count => count..=count,
        }
    }

    /// How often this thread has shared a piece of work so far.
    #[must_use]
    pub fn shared() -> usize {
        region::begun()
    }

    /// Into how many parts to cut so much work.
    fn parts(self, work: usize) -> usize {
        match self.count() {
            1 => 1,
            _ if work < WORTH => 1,
            0 => region::threads(),
            count => count,
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
        return self.count != 1 && self.parts(work) > 1;
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

    /// Drops the copies that other threads may have of what this one is about to write, where that is the way to do it.
    #[cfg_attr(not(feature = "threads"), allow(unused_variables, reason = "nobody else has any"))]
    #[inline(always)]
    pub fn before_writing<T>(self, values: &mut [T]) {
        #[cfg(feature = "threads")]
        if self.drops_copies {
            copies::drop_copies(values);
        }
    }

    /// Calls `run` with each of some parts that together are `work`.
    #[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(crate) fn all<P: Send>(self, work: usize, parts: impl FnOnce(usize) -> std::vec::Vec<P>, run: &(dyn Fn(P) + Sync)) {
        let threads = self.parts(work);
        region::each(threads, parts(threads), run);
    }
}
