//! What can go wrong at run time, in words that say what, where and how to mend it.

use core::fmt;

/// An error of this crate.
#[non_exhaustive]
pub enum Error {
    /// Not as many numbers as one sample has.
    Length {
        /// Numbers in one sample.
        sample: usize,
        /// Numbers given.
        given: usize,
    },
    /// Numbers whose count is no multiple of a sample's.
    Samples {
        /// Numbers in one sample.
        sample: usize,
        /// Numbers given.
        given: usize,
    },
    /// Not as many outputs as inputs.
    Batch {
        /// Samples to predict for.
        inputs: usize,
        /// Places for predictions.
        outputs: usize,
    },
    /// Data that is not as it should be.
    #[cfg(feature = "std")]
    Data(crate::data::DataError),
    /// A file of weights that is not as it should be.
    #[cfg(feature = "files")]
    File(crate::file::FileError),
    /// Bytes that are not the network's weights.
    #[cfg(feature = "std")]
    Weights(crate::file::WeightsError),
    /// A setting of a loss, an optimizer or a schedule that makes no sense.
    Setting(crate::SettingError),
    /// Training that could not begin or go on.
    #[cfg(feature = "std")]
    Train(crate::train::TrainError),
}

/// As `Display`: `fn main() -> Result<(), …>` prints an error this way.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { sample, given } => {
                write!(
                    f,
                    "a sample has {sample} numbers, but {given} were given: give exactly {sample}, or take `inputs` for several samples"
                )
            }
            Self::Batch { inputs, outputs } => {
                write!(f, "{inputs} inputs, but room for {outputs} outputs: give slices of one length")
            }
            Self::Samples { sample, given } => {
                write!(f, "{given} numbers are not a whole number of samples of {sample}: give a multiple of {sample}")
            }
            #[cfg(feature = "std")]
            Self::Data(error) => fmt::Display::fmt(error, f),
            #[cfg(feature = "files")]
            Self::File(error) => fmt::Display::fmt(error, f),
            #[cfg(feature = "std")]
            Self::Weights(error) => fmt::Display::fmt(error, f),
            Self::Setting(error) => fmt::Display::fmt(error, f),
            #[cfg(feature = "std")]
            Self::Train(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Length { .. } | Self::Samples { .. } | Self::Batch { .. } | Self::Setting(_) => None,
            #[cfg(feature = "std")]
            Self::Data(error) => error.source(),
            #[cfg(feature = "files")]
            Self::File(error) => error.source(),
            #[cfg(feature = "std")]
            Self::Weights(error) => error.source(),
            #[cfg(feature = "std")]
            Self::Train(error) => error.source(),
        }
    }
}

#[cfg(feature = "std")]
impl From<crate::data::DataError> for Error {
    fn from(error: crate::data::DataError) -> Self {
        Self::Data(error)
    }
}

impl From<crate::SettingError> for Error {
    fn from(error: crate::SettingError) -> Self {
        Self::Setting(error)
    }
}

#[cfg(feature = "files")]
impl From<crate::file::FileError> for Error {
    fn from(error: crate::file::FileError) -> Self {
        Self::File(error)
    }
}

#[cfg(feature = "std")]
impl From<crate::file::WeightsError> for Error {
    fn from(error: crate::file::WeightsError) -> Self {
        Self::Weights(error)
    }
}

#[cfg(feature = "std")]
impl From<crate::train::TrainError> for Error {
    fn from(error: crate::train::TrainError) -> Self {
        Self::Train(error)
    }
}
