//! The `network!` macro.
//!
//! Users reach it through a `macro_rules!` in nn-core that puts `$crate` in front. So generated code finds nn-core under any name and
//! in re-exports, and nobody reads the user's `Cargo.toml`.

mod activation;
mod ast;
mod budget;
mod check;
mod derive;
mod error;
mod expand;
mod fallback;
mod fold;
mod layer;
mod model;
mod parse;
mod plan;
mod shape;
mod size;
mod text;

use proc_macro::TokenStream;

use error::Errors;

/// Declares a network.
#[proc_macro]
pub fn network(tokens: TokenStream) -> TokenStream {
    declare(tokens.into()).into()
}

/// parse → check → shape → plan → expand.
fn declare(tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let mut errors = Errors::default();
    let Some(declaration) = parse::declaration(tokens, &mut errors) else {
        return errors.to_compile_errors().unwrap_or_default();
    };
    check::declaration(&declaration, &mut errors);
    let mut network = shape::network(&declaration, &mut errors);
    match errors.to_compile_errors() {
        None if !network.broken => {
            let folded = fold::folds(&network).then(|| {
                // Planning uses a network up; the walk gives the same once more.
                let folded = fold::fold(shape::network(&declaration, &mut Errors::default()));
                // The folded network is the one that firmware holds.
                (network.flash_budget, network.ram_budget) = (None, None);
                plan::plan(folded)
            });
            expand::network(&plan::plan(network), folded.as_ref())
        }
        errors => {
            let definition = fallback::network(&network);
            quote::quote!(#errors #definition)
        }
    }
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

#[cfg(test)]
mod mutations;
#[cfg(test)]
mod tests;
