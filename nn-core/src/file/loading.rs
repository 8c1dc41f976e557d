//! What of a file is read, and into which part: a builder for everything but all of a file into all of a network.

use core::fmt;

#[cfg(feature = "files")]
use std::path::Path;

use super::fault::{Faults, WeightsError};
use super::read::{self, Selection};
#[cfg(feature = "files")]
use super::{FileError, read_file};
use crate::{Layer, plain};

/// Says what of a file is read and into which part; made by [`Safetensors::loading`](super::Safetensors::loading).
///
/// As ever, a load that fails changes nothing, and its error lists all that does not fit. A tensor of the network, or of what is selected of it, that
/// is missing in the file is always an error.
///
/// ```no_run
/// # use nn_core::prelude::*;
/// network! { struct Motion: [64] -> [6] { fc1: Dense(32), Relu, fc2: Dense(16), Relu, fc3: Dense(6) } }
/// network! { struct Body: [64] -> [16] { fc1: Dense(32), Relu, fc2: Dense(16), Relu } }
/// network! { struct Net: [64] -> [3] { body: Body -> [16], head: Dense(3) } }
///
/// # fn main() -> Result<(), Error> {
/// # #[cfg(feature = "files")] {
/// let mut net = Net::new_boxed(1);
/// // `body.…` of the file into `body`.
/// net.loading().part("body").file("net.safetensors")?;
/// // `encoder.…` of the file into `body`.
/// net.loading().part("body").prefix("encoder").file("classifier.safetensors")?;
/// // `fc1.…` and `fc2.…` of a flat network's file into `body`; its `fc3.…` is ignored.
/// let loaded = net.loading().part("body").prefix("").ignore_unknown().file("motion.safetensors")?;
/// assert!(loaded.ignored.iter().any(|tensor| tensor.key() == "fc3.weight"));
/// // `fc1.…` alone.
/// net.loading().part("body").prefix("").layers(&["fc1"]).file("motion.safetensors")?;
/// # }
/// # Ok(())
/// # }
/// ```
///
/// From one network in memory to another, layers copy from layers of the same shape: `net.body.fc1.copy_from(&motion.fc1)`.
#[must_use = "nothing is read before `file` or `bytes`"]
pub struct Loading<'a, L: Layer> {
    net: &'a mut L,
    selection: Selection<'a>,
    /// Whether a prefix was given, instead of the part's name.
    has_prefix: bool,
}

/// What a load left alone.
#[derive(Clone)]
#[non_exhaustive]
pub struct Loaded {
    /// The tensors of the file that the network does not have, each a [`Fault::Extra`](super::Fault::Extra) that was ignored; none without
    /// [`Loading::ignore_unknown`]. Without a heap the first ones, and how many there are.
    pub ignored: Faults,
}

impl<'a, L: Layer> Loading<'a, L> {
    pub(super) fn new(net: &'a mut L) -> Self {
        Self { net, selection: Selection::ALL, has_prefix: false }
    }

    /// Reads only into this part of the network, such as `body` or `blocks.0`. The file has it under the same name, unless
    /// [`prefix`](Loading::prefix) says another.
    pub fn part(mut self, part: &'a str) -> Self {
        self.selection.part = part;
        self
    }

    /// Reads only those tensors of the file whose names begin with this prefix and a dot, without which they are names of the network, or of its
    /// [`part`](Loading::part). Empty, names are as they stand in the file.
    pub fn prefix(mut self, prefix: &'a str) -> Self {
        self.selection.prefix = prefix;
        self.has_prefix = true;
        self
    }

    /// Reads only these layers, named as in the network or its [`part`](Loading::part); what the file has besides is left alone.
    pub fn layers(mut self, layers: &'a [&'a str]) -> Self {
        self.selection.layers = layers;
        self
    }

    /// Leaves tensors alone that the network does not have, instead of failing; [`Loaded::ignored`] names them.
    pub fn ignore_unknown(mut self) -> Self {
        self.selection.ignores = true;
        self
    }

    /// Reads from a file.
    ///
    /// # Errors
    /// [`FileError::Read`] where it cannot be read, [`FileError::Weights`] for what [`bytes`](Loading::bytes) says.
    #[cfg(feature = "files")]
    pub fn file(self, path: impl AsRef<Path>) -> Result<Loaded, FileError> {
        read_file(path.as_ref(), |bytes| self.bytes(bytes))
    }

    /// Reads from the contents of a file. Needs no heap.
    ///
    /// # Errors
    /// [`WeightsError::Header`] where it is no safetensors file, [`WeightsError::NoPart`] where the network has nothing under the name of the part or
    /// of a layer, [`WeightsError::Tensors`] where tensors are missing, unknown and not to be ignored, of another shape or type, or cut off.
    #[cfg_attr(not(feature = "std"), allow(clippy::result_large_err, reason = "without a heap an error holds what it tells"))]
    pub fn bytes(self, bytes: &[u8]) -> Result<Loaded, WeightsError> {
        let mut selection = self.selection;
        if !self.has_prefix {
            selection.prefix = selection.part;
        }
        let load = const { read::loader::<true>(L::SPEC) };
        load(L::SPEC, plain::bytes_mut(self.net), bytes, selection).map(|ignored| Loaded { ignored })
    }
}

impl<L: Layer> fmt::Debug for Loading<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Selection { part, prefix, layers, ignores } = self.selection;
        let mut shown = f.debug_struct("Loading");
        shown.field("network", &L::SPEC.name).field("part", &part);
        if self.has_prefix {
            shown.field("prefix", &prefix);
        }
        shown.field("layers", &layers).field("ignore_unknown", &ignores).finish()
    }
}

/// What was ignored, a line a tensor.
impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ignored.is_empty() {
            return f.write_str("nothing was ignored");
        }
        f.write_str("ignored:")?;
        self.ignored.told(f)
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
