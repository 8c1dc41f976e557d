//! Files of weights, in the safetensors format, as PyTorch reads and writes them.
//!
//! Bytes are read without a heap, also while compiling ([`from_safetensors`]); feature `files` adds files by path and writing.
//!
//! Names, shapes and axes are those of PyTorch's `state_dict`, so that no mapping is needed in either direction:
//!
//! ```python
//! model.load_state_dict(safetensors.torch.load_file("lenet5.safetensors"))
//! safetensors.torch.save_file(model.state_dict(), "lenet5.safetensors")
//! ```
//!
//! Source: the format's description in the repository `huggingface/safetensors`.

#[cfg(feature = "std")]
pub(crate) mod atomic;
mod copy;
mod count;
#[cfg(feature = "files")]
mod error;
mod fault;
mod flash;
mod half;
mod header;
mod json;
mod loading;
mod name;
mod number;
#[cfg(feature = "files")]
mod quoted;
mod read;
#[cfg(feature = "files")]
mod save;

#[cfg(feature = "files")]
use std::{boxed::Box, path::Path, vec::Vec};

#[cfg(feature = "files")]
pub use error::FileError;
pub use fault::{Fault, Faults, TensorName, WeightsError};
pub use flash::from_safetensors;
pub use header::HeaderError;
pub use loading::{Loaded, Loading};
#[cfg(feature = "files")]
pub(crate) use quoted::Quoted;

use crate::{Layer, plain};
use read::Selection;

/// Loading and saving, for every network and layer; in the prelude. Files by path, and saving, need feature `files`.
///
/// A load that fails changes nothing, and its error lists all that does not fit.
///
/// | in the file | in an `f32` network | in an `f64` network |
/// | --- | --- | --- |
/// | F32 | as it is | widened, exactly |
/// | F16, BF16 | widened, exactly | widened, exactly |
/// | F64 | an error: it would lose digits | as it is |
///
/// `num_batches_tracked` is read from every type of integer, and from a float that is whole. It may be absent, as in files of old versions of
/// PyTorch, and counts as 0 then.
///
/// In firmware, for weights that come over the air: nothing is changed unless all of it fits.
///
/// ```
/// # use nn_core::prelude::*;
/// # network! { struct Net: [2] -> [1] { fc: Dense(1) } }
/// # fn update(net: &mut Net, received: &[u8]) {
/// if let Err(error) = net.load_safetensors_bytes(received) {
///     // the first faults, and how many more there are
/// #   let _ = error;
/// }
/// # }
/// ```
pub trait Safetensors: Layer {
    /// Writes all tensors to a file.
    ///
    /// The file appears whole or not at all: it is written beside its place, brought to the disk and then renamed.
    ///
    /// # Errors
    /// [`FileError::Write`] where the system refuses, [`FileError::Key`] where a user's layer has two tensors of one name.
    #[cfg(feature = "files")]
    fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let path = path.as_ref();
        let bytes = self.to_safetensors()?;
        atomic::write(path, &[&bytes]).map_err(|error| FileError::Write { path: path.to_path_buf(), error })
    }

    /// The contents of the file that [`save_safetensors`](Safetensors::save_safetensors) writes.
    ///
    /// # Errors
    /// [`FileError::Key`] where a user's layer has two tensors of one name.
    #[cfg(feature = "files")]
    fn to_safetensors(&self) -> Result<Vec<u8>, FileError> {
        save::to_bytes(Self::SPEC, plain::bytes(self))
    }

    /// Reads all tensors from a file that has these and no others; for anything else there is [`loading`](Safetensors::loading).
    ///
    /// # Errors
    /// [`FileError::Read`] where the file cannot be read, [`FileError::Weights`] where it is no safetensors file, or where tensors are missing,
    /// unknown, of another shape or type, or cut off.
    #[cfg(feature = "files")]
    fn load_safetensors(&mut self, path: impl AsRef<Path>) -> Result<(), FileError> {
        read_file(path.as_ref(), |bytes| self.load_safetensors_bytes(bytes))
    }

    /// Reads all tensors from the contents of a file that has these and no others. Needs no heap; judges everything before a byte is changed.
    ///
    /// # Errors
    /// [`WeightsError::Header`] where it is no safetensors file, [`WeightsError::Tensors`] where tensors are missing, unknown, of another shape or
    /// type, or cut off.
    #[cfg_attr(not(feature = "std"), allow(clippy::result_large_err, reason = "without a heap an error holds what it tells"))]
    fn load_safetensors_bytes(&mut self, bytes: &[u8]) -> Result<(), WeightsError> {
        let load = const { read::loader::<false>(Self::SPEC) };
        load(Self::SPEC, plain::bytes_mut(self), bytes, Selection::ALL).map(|_| ())
    }

    /// Reads a part of a file, or into a part of the network, or a file with more in it: says what, and ends with
    /// [`file`](Loading::file) or [`bytes`](Loading::bytes).
    fn loading(&mut self) -> Loading<'_, Self>
    where
        Self: Sized,
    {
        Loading::new(self)
    }
}

impl<L: Layer> Safetensors for L {}

/// Gives the bytes of a file to `load`, whose errors get the file's name.
#[cfg(feature = "files")]
fn read_file<R>(path: &Path, load: impl FnOnce(&[u8]) -> Result<R, WeightsError>) -> Result<R, FileError> {
    let bytes = std::fs::read(path).map_err(|error| FileError::Read { path: path.to_path_buf(), error })?;
    load(&bytes).map_err(|error| FileError::Weights { path: path.to_path_buf(), error: Box::new(error) })
}
