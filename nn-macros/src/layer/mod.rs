//! What the macro knows of each layer, one file each, of the same name as in `nn-core/src/layer/`: its arguments, its shape rule and its type.

use proc_macro2::TokenStream;

use crate::model::{Dim, Scalar, Shape};

pub(crate) mod dense;

/// A built-in layer that implements `nn_core::Layer`, its arguments checked.
pub(crate) trait BuiltIn {
    /// The type in generated code, without the crate's path: `Dense<256, 120>`; sizes that equal a default are left out.
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream;
    /// Whether it has parameters or state, and so a field.
    fn has_fields(&self) -> bool;
}

/// One of the built-in layers.
pub(crate) type Kind = Box<dyn BuiltIn>;

impl Dim {
    /// As a type argument: `256`, `{ __NET_FC1 }`, `H`.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Known(n) => {
                let n = proc_macro2::Literal::usize_unsuffixed(*n);
                quote::quote!(#n)
            }
            Self::Constant(name) | Self::Parameter(name) => quote::quote!(#name),
            Self::Unknown => quote::quote!(1),
        }
    }
}
