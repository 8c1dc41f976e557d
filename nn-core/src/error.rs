//! What can go wrong at run time, in words that say what, where and how to mend it.

use core::fmt;

/// An error of this crate.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Numbers whose count is no multiple of a sample's.
    Length {
        /// Numbers in one sample.
        sample: usize,
        /// Numbers given.
        given: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { sample, given } => {
                write!(f, "{given} numbers are not a whole number of samples of {sample}: give a multiple of {sample}")
            }
        }
    }
}

impl core::error::Error for Error {}
