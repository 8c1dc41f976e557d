//! `Dense(outputs, bias = true)`: `[I] -> [O]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{BuiltIn, Call, First, Resolved, Rule};
use crate::model::{Dim, Scalar, Shape};

pub(super) static RULE: Rule = Rule {
    word: "Dense",
    first: First::Required("the number of outputs"),
    keywords: &["bias"],
    required: &[],
    example: "Dense(120)",
    named: true,
    drawn: true,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let output = call.first();
    let bias = call.flag("bias");
    let input = call.vector().unwrap_or(Dim::Unknown);
    Resolved::layer(Dense { bias }, Some(Shape(vec![input])), Some(Shape(vec![output])))
}

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

    fn without_bias(&self, input: &Shape, output: &Shape, scalar: Scalar) -> Option<(TokenStream, bool)> {
        Some((Self { bias: false }.ty(input, output, scalar), self.bias))
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn parameters(&self, input: &Shape, output: &Shape) -> Option<usize> {
        Some(input.known_len()? * output.known_len()? + if self.bias { output.known_len()? } else { 0 })
    }
}
