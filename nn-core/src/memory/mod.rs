//! Numbers in memory: flat views of nested arrays, and where a batch of values lies.

pub mod field;
pub mod plain;
pub(crate) mod runs;
pub(crate) mod store;
pub(crate) mod tensor;
