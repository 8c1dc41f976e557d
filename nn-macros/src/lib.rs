//! The `network!` macro.

mod layer;
mod model;

use proc_macro::TokenStream;

/// Declares a network.
#[proc_macro]
pub fn network(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
