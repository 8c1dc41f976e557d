//! `Dense(outputs, bias = true)`: `[I] -> [O]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::BuiltIn;
use crate::model::{Scalar, Shape};

pub(crate) struct Dense {
    pub bias: bool,
}

impl BuiltIn for Dense {
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let (i, o) = (input.0[0].tokens(), output.0[0].tokens());
        match (scalar, self.bias) {
            (Scalar::F32, true) => quote!(Dense<#i, #o>),
            (Scalar::F64, true) => quote!(Dense<#i, #o, f64>),
            (Scalar::F32, false) => quote!(Dense<#i, #o, f32, 0>),
            (Scalar::F64, false) => quote!(Dense<#i, #o, f64, 0>),
        }
    }

    fn has_fields(&self) -> bool {
        true
    }
}
