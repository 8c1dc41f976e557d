//! Files of weights, in the safetensors format, as PyTorch reads and writes them. Feature `files`.
//!
//! Names, shapes and axes are those of PyTorch's `state_dict`, so that no mapping is needed in either direction:
//!
//! ```python
//! model.load_state_dict(safetensors.torch.load_file("lenet5.safetensors"))
//! safetensors.torch.save_file(model.state_dict(), "lenet5.safetensors")
//! ```
//!
//! Source: the format's description in the repository `huggingface/safetensors`.

mod error;
mod half;
mod header;
mod load;
mod save;

use std::path::Path;
use std::vec::Vec;

pub use error::{Fault, FileError};

use crate::{Layer, atomic, plain};

/// Saving and loading, for every network and layer; in the prelude. Feature `files`.
///
/// A load that fails changes nothing, and its error lists all that does not fit.
///
/// | in the file | in an `f32` network | in an `f64` network |
/// | --- | --- | --- |
/// | F32 | as it is | widened, exactly |
/// | F16, BF16 | widened, exactly | widened, exactly |
/// | F64 | an error: it would lose digits | as it is |
/// | I64 | `num_batches_tracked` alone | `num_batches_tracked` alone |
///
/// `num_batches_tracked` may be absent, as in files of old versions of PyTorch, and counts as 0 then.
pub trait Safetensors: Layer {
    /// Writes all tensors to a file.
    ///
    /// The file appears whole or not at all: it is written beside its place, brought to the disk and then renamed.
    ///
    /// # Errors
    /// [`FileError::Write`] where the system refuses, [`FileError::Key`] where a user's layer has two tensors of one name.
    fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let path = path.as_ref();
        let bytes = self.to_safetensors()?;
        atomic::write(path, &[&bytes]).map_err(|error| FileError::Write { path: path.to_path_buf(), error })
    }

    /// The contents of the file that [`save_safetensors`](Safetensors::save_safetensors) writes.
    ///
    /// # Errors
    /// [`FileError::Key`] where a user's layer has two tensors of one name.
    fn to_safetensors(&self) -> Result<Vec<u8>, FileError> {
        save::to_bytes(Self::SPEC, plain::bytes(self))
    }

    /// Reads all tensors from a file that has these and no others.
    ///
    /// # Errors
    /// [`FileError::Read`] where the file cannot be read, [`FileError::Header`] where it is no safetensors file, [`FileError::Tensors`] where tensors
    /// are missing, unknown, of another shape or type, or cut off.
    fn load_safetensors(&mut self, path: impl AsRef<Path>) -> Result<(), FileError> {
        self.load_safetensors_part_from(path, "", "")
    }

    /// As [`load_safetensors`](Safetensors::load_safetensors), from the contents of a file.
    ///
    /// # Errors
    /// As [`load_safetensors`](Safetensors::load_safetensors).
    fn load_safetensors_bytes(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.load_safetensors_part_bytes(bytes, "", "")
    }

    /// Reads only the tensors under `part`, such as `body` or `blocks.0`; whatever else the file has is left alone.
    ///
    /// # Errors
    /// As [`load_safetensors`](Safetensors::load_safetensors), and [`FileError::NoPart`] where the network has nothing under that name.
    fn load_safetensors_part(&mut self, path: impl AsRef<Path>, part: &str) -> Result<(), FileError> {
        self.load_safetensors_part_from(path, part, part)
    }

    /// Reads the tensors under `part` from those that the file has under another name, `from`; empty means the whole network or file.
    ///
    /// `net.load_safetensors_part_from("classifier.safetensors", "body", "encoder")` reads `body.fc1.weight` from `encoder.fc1.weight`.
    ///
    /// # Errors
    /// As [`load_safetensors_part`](Safetensors::load_safetensors_part).
    fn load_safetensors_part_from(&mut self, path: impl AsRef<Path>, part: &str, from: &str) -> Result<(), FileError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| FileError::Read { path: path.to_path_buf(), error })?;
        load::from_bytes(Self::SPEC, plain::bytes_mut(self), &bytes, part, from).map_err(|error| error.in_file(path))
    }

    /// As [`load_safetensors_part_from`](Safetensors::load_safetensors_part_from), from the contents of a file.
    ///
    /// # Errors
    /// As [`load_safetensors_part`](Safetensors::load_safetensors_part).
    fn load_safetensors_part_bytes(&mut self, bytes: &[u8], part: &str, from: &str) -> Result<(), FileError> {
        load::from_bytes(Self::SPEC, plain::bytes_mut(self), bytes, part, from)
    }
}

impl<L: Layer> Safetensors for L {}
