//! One of `N` classes.

use core::fmt;

/// One of `N` classes, counted from 0; the type knows how many there are, so that labels fit the network or do not compile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class<const N: usize>(u32);

impl<const N: usize> Class<N> {
    /// The class number `index`; `None` where there is none such.
    #[must_use]
    pub const fn new(index: usize) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation, reason = "checked in the same line")]
        if index < N && index <= u32::MAX as usize { Some(Self(index as u32)) } else { None }
    }

    /// The class number `index`, which is below `N`.
    #[allow(clippy::cast_possible_truncation, reason = "an index of an output")]
    pub(crate) const fn of(index: usize) -> Self {
        Self(index as u32)
    }

    /// Its number, below `N`.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl<const N: usize> fmt::Display for Class<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<const N: usize> fmt::Debug for Class<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Class<{N}>({})", self.0)
    }
}
