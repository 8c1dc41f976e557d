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
mod foreign;
#[cfg(feature = "data")]
mod idx;
mod one_hot;
#[cfg(feature = "data")]
mod open;
#[cfg(feature = "std")]
mod source;
#[cfg(feature = "data")]
mod split;
#[cfg(feature = "data")]
mod standardize;
#[cfg(feature = "data")]
pub mod windows;

pub use class::Class;
#[cfg(feature = "std")]
pub use dataset::Dataset;
#[cfg(feature = "std")]
pub use error::DataError;
#[cfg(feature = "std")]
pub use source::{Data, Fits};

#[cfg(feature = "data")]
pub use self::csv::{Columns, Csv, FromCells, Table};
#[cfg(feature = "data")]
pub use idx::Idx;
#[cfg(feature = "data")]
pub use standardize::Standardizer;
