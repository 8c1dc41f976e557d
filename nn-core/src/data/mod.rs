//! Data for training: typed by shape, so that feeding the wrong one does not compile.

mod class;
#[cfg(feature = "data")]
mod csv;
#[cfg(feature = "std")]
mod dataset;
#[cfg(feature = "data")]
pub mod datasets;
#[cfg(feature = "std")]
mod error;
#[cfg(feature = "data")]
mod idx;
#[cfg(feature = "data")]
mod open;

pub use class::Class;
#[cfg(feature = "std")]
pub use dataset::Dataset;
#[cfg(feature = "std")]
pub use error::DataError;

#[cfg(feature = "data")]
pub use self::csv::{Columns, Csv, FromCells, Table};
#[cfg(feature = "data")]
pub use idx::Idx;
