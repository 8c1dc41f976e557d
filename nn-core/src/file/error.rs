//! What can be wrong with a file of weights.

use std::boxed::Box;
use std::path::PathBuf;
use std::string::String;

use core::fmt;

use super::WeightsError;

/// What is wrong with a file of weights. Nothing has been loaded or replaced.
#[non_exhaustive]
pub enum FileError {
    /// A file that cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file that cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file that is no safetensors file, or not the network's.
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<WeightsError>,
    },
    /// Two tensors of one name, or a tensor that lies outside of its layer: a wrong `SPEC` of a user's layer.
    Key {
        /// The network.
        network: &'static str,
        /// The tensor's name.
        key: String,
    },
    /// A folded network: files hold the one that it is folded from.
    Folded {
        /// The network.
        network: &'static str,
    },
}

/// As `Display`: `fn main() -> Result<(), …>` prints an error this way.
impl fmt::Debug for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, error } => write!(f, "cannot read {}: {error}", path.display()),
            Self::Write { path, error } => write!(f, "cannot write {}: {error}", path.display()),
            Self::Weights { path, error } => {
                let verb = if matches!(**error, WeightsError::Header(_)) { "is" } else { "does" };
                error.told_of(f, &format_args!("{} {verb}", path.display()))
            }
            Self::Key { network, key } => write!(
                f,
                "the tensor `{key}` of `{network}` lies outside of its layer, or another has its name: correct the layer's `SPEC`"
            ),
            Self::Folded { network } => {
                write!(
                    f,
                    "`{network}` is folded for use and is not saved: save the network that it is folded from, whose file it takes too"
                )
            }
        }
    }
}

impl core::error::Error for FileError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Read { error, .. } | Self::Write { error, .. } => Some(error),
            Self::Weights { error, .. } => Some(&**error),
            Self::Key { .. } | Self::Folded { .. } => None,
        }
    }
}
