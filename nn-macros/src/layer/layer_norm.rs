//! `LayerNorm(epsilon = 1e-5)`: any shape to itself, each sample to mean 0 and variance 1, then scaled and shifted number by number.

use proc_macro2::TokenStream;
use quote::quote;

use super::{BuiltIn, Call, First, Resolved, Rule, window};
use crate::model::{Dim, Scalar, Shape};

pub(super) static RULE: Rule = Rule {
    word: "LayerNorm",
    first: First::None,
    keywords: &["epsilon"],
    required: &[],
    example: "LayerNorm(epsilon = 1e-5)",
    named: true,
    drawn: false,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let epsilon = call.bits("epsilon", (f64::MIN_POSITIVE, f64::MAX), "above 0");
    let shape = call.input.clone().or(Some(Shape(vec![Dim::Unknown])));
    let output = call.input.clone();
    Resolved::layer(LayerNorm { epsilon }, shape, output)
}

struct LayerNorm {
    epsilon: Option<TokenStream>,
}

impl BuiltIn for LayerNorm {
    fn ty(&self, input: &Shape, _: &Shape, scalar: Scalar) -> TokenStream {
        let default = proc_macro2::Literal::u64_unsuffixed(1e-5_f64.to_bits());
        let epsilon = (self.epsilon.clone().unwrap_or_else(|| quote!(#default)), Some(quote!(#default)));
        let arguments = window::arguments(vec![(input.ty(scalar), None), epsilon]);
        quote!(LayerNorm #arguments)
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn parameters(&self, input: &Shape, _: &Shape) -> Option<usize> {
        Some(2 * input.known_len()?)
    }

    fn has_tape(&self) -> bool {
        true
    }
}
