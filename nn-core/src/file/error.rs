//! What can be wrong with a file of weights.

use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;

use core::fmt;

use crate::Shape;

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
    /// Bytes that are no safetensors file.
    Header {
        /// The file; `None` for bytes in memory.
        path: Option<PathBuf>,
        /// What is wrong with it.
        problem: String,
    },
    /// A file whose tensors are not the network's.
    Tensors {
        /// The file; `None` for bytes in memory.
        path: Option<PathBuf>,
        /// The network.
        network: &'static str,
        /// Every fault, in the order of the network and then of the file.
        faults: Vec<Fault>,
        /// The name under which the file has all of them, such as `module`.
        under: Option<String>,
    },
    /// A part that the network does not have.
    NoPart {
        /// The network.
        network: &'static str,
        /// The name that is asked for.
        part: String,
        /// The names of its parts.
        known: Vec<String>,
    },
    /// Two tensors of one name, or a tensor that lies outside of its layer: a wrong `SPEC` of a user's layer.
    Key {
        /// The network.
        network: &'static str,
        /// The tensor's name.
        key: String,
    },
}

/// What is wrong with one tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The file does not have it.
    Missing {
        /// Its name in the file.
        key: String,
        /// Its shape.
        wanted: Shape,
    },
    /// The network does not have it.
    Extra {
        /// Its name in the file.
        key: String,
        /// Its shape.
        file: Vec<usize>,
    },
    /// It has another shape.
    Shape {
        /// Its name in the file.
        key: String,
        /// Its shape in the file.
        file: Vec<usize>,
        /// Its shape in the network.
        wanted: Shape,
    },
    /// It has a type that cannot be converted without loss.
    Dtype {
        /// Its name in the file.
        key: String,
        /// Its type in the file.
        file: String,
        /// Its type in the network, as files name it.
        wanted: &'static str,
    },
    /// The file ends within or before it.
    Truncated {
        /// Its name in the file.
        key: String,
        /// The bytes that are there.
        given: usize,
        /// The bytes that it takes.
        needed: usize,
    },
    /// A count that is negative or too large.
    Count {
        /// Its name in the file.
        key: String,
        /// The count.
        value: i64,
    },
}

impl FileError {
    /// The same, with the name of the file.
    pub(super) fn in_file(mut self, file: &Path) -> Self {
        if let Self::Header { path, .. } | Self::Tensors { path, .. } = &mut self {
            *path = Some(file.to_path_buf());
        }
        self
    }
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
            Self::Header { path, problem } => write!(f, "{} no safetensors file: {problem}", Name(path, "is", "are")),
            Self::Tensors { path, network, faults, under } => {
                write!(f, "{} not fit the network `{network}`; nothing was loaded:", Name(path, "does", "do"))?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))?;
                match under {
                    Some(name) => write!(f, "\n  all that is missing is there under `{name}`: load the part from that name"),
                    None => Ok(()),
                }
            }
            Self::NoPart { network, part, known } => {
                write!(f, "the network `{network}` has no part `{part}`: its parts are ")?;
                for (i, name) in known.iter().enumerate() {
                    write!(f, "{}`{name}`", if i > 0 { ", " } else { "" })?;
                }
                Ok(())
            }
            Self::Key { network, key } => write!(
                f,
                "the tensor `{key}` of `{network}` lies outside of its layer, or another has its name: correct the layer's `SPEC`"
            ),
        }
    }
}

impl core::error::Error for FileError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Read { error, .. } | Self::Write { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// `weights.safetensors is`, or `the bytes are`.
struct Name<'a>(&'a Option<PathBuf>, &'a str, &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(path) => write!(f, "{} {}", path.display(), self.1),
            None => write!(f, "the bytes {}", self.2),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key, wanted } => write!(f, "`{key}` {wanted} is missing"),
            Self::Extra { key, file } => write!(f, "`{}` {file:?} is in the file and not in the network", key.escape_debug()),
            Self::Shape { key, file, wanted } => write!(f, "`{key}` has shape {file:?} in the file and {wanted} in the network"),
            Self::Dtype { key, file, wanted } => {
                let method = match *wanted {
                    "F32" => "float",
                    "F64" => "double",
                    _ => "long",
                };
                write!(
                    f,
                    "`{key}` is {file} in the file and {wanted} in the network: convert it before saving, in PyTorch with `.{method}()`"
                )
            }
            Self::Truncated { key, given, needed } => write!(f, "`{key}` is cut off: the file holds {given} of its {needed} bytes"),
            Self::Count { key, value } => write!(f, "`{key}` counts {value}, which is negative or too large"),
        }
    }
}
