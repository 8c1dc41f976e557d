//! Everything that a program with a network needs: `use nn_core::prelude::*;`.

pub use crate::data::Class;
#[cfg(feature = "std")]
pub use crate::data::Dataset;
#[cfg(feature = "data")]
pub use crate::data::datasets;
#[cfg(feature = "macros")]
pub use crate::network;
pub use crate::random::Stream;
pub use crate::{Error, Kernels, Layer, Network, Plain, Real, SampleLayer};
