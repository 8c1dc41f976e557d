//! `Flatten`: `[C, H, W] -> [C · H · W]`, the same numbers in the same order; nothing happens at run time.

/// The word for reshaping to a vector in [`network!`](crate::network); generated code calls [`plain::reshape`](crate::plain::reshape).
pub enum Flatten {}
