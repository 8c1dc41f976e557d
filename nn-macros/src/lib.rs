//! The `network!` macro.

mod derive;
mod layer;
mod model;

use proc_macro::TokenStream;

/// Declares a network.
#[proc_macro]
pub fn network(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Makes a struct of numbers plain storage, and describes its fields, so that a layer of one's own is trained and saved.
///
/// The struct is `#[repr(C)]`; its fields are `f32`, `f64`, `u32`, `u64` and arrays of them, all of one size. Floats are learned; counters, and
/// fields marked `#[plain(state)]`, are kept along. The fields' names are the keys on disk. `#[plain(crate = path)]` on the struct names the path
/// to nn-core where it is not `::nn_core`.
#[proc_macro_derive(Plain, attributes(plain))]
pub fn derive_plain(input: TokenStream) -> TokenStream {
    derive::plain(input.into()).into()
}
