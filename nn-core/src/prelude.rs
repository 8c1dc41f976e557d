//! Everything that a program with a network needs: `use nn_core::prelude::*;`.

#[cfg(feature = "macros")]
pub use crate::network;
pub use crate::{Error, Kernels, Layer, Network};
