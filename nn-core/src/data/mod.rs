//! Data for training: typed by shape, so that feeding the wrong one does not compile.

mod class;
#[cfg(feature = "std")]
mod dataset;
#[cfg(feature = "std")]
mod error;

pub use class::Class;
#[cfg(feature = "std")]
pub use dataset::Dataset;
#[cfg(feature = "std")]
pub use error::DataError;
