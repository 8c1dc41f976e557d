//! `BatchNorm(epsilon = 1e-5, momentum = 0.1)`: `[C, …] -> [C, …]`, each channel to mean 0 and variance 1 over the batch, then scaled and shifted.

use proc_macro2::TokenStream;
use quote::quote;

use super::{BuiltIn, Call, First, Resolved, Rule, window};
use crate::model::{Dim, Scalar, Shape};
use crate::shape::Convention;

pub(super) static RULE: Rule = Rule {
    word: "BatchNorm",
    first: First::None,
    keywords: &["epsilon", "momentum"],
    required: &[],
    example: "BatchNorm(epsilon = 1e-5, momentum = 0.1)",
    named: true,
    drawn: false,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let epsilon = call.bits("epsilon", (f64::MIN_POSITIVE, f64::MAX), "above 0");
    let momentum = call.bits("momentum", (0.0, 1.0), "from 0 to 1");
    call.reads(Convention::Channels);
    let shape = call.input.clone().or(Some(Shape(vec![Dim::Unknown])));
    let output = call.input.clone();
    Resolved::layer(BatchNorm { epsilon, momentum }, shape, output)
}

struct BatchNorm {
    epsilon: Option<TokenStream>,
    momentum: Option<TokenStream>,
}

impl BuiltIn for BatchNorm {
    fn ty(&self, input: &Shape, _: &Shape, scalar: Scalar) -> TokenStream {
        let bits = |value: &Option<TokenStream>, default: f64| {
            let default = proc_macro2::Literal::u64_unsuffixed(default.to_bits());
            (value.clone().unwrap_or_else(|| quote!(#default)), Some(quote!(#default)))
        };
        let plane = Shape(input.0[1..].to_vec()).ty(scalar);
        let list = vec![(input.0[0].tokens(), None), (plane, Some(quote!(f32))), bits(&self.epsilon, 1e-5), bits(&self.momentum, 0.1)];
        let arguments = window::arguments(list);
        quote!(BatchNorm #arguments)
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn parameters(&self, input: &Shape, _: &Shape) -> Option<usize> {
        Some(2 * Shape(input.0[..1].to_vec()).known_len()?)
    }

    /// Means, variances and the counter.
    fn kept(&self, input: &Shape) -> Option<usize> {
        Some(2 * Shape(input.0[..1].to_vec()).known_len()? + 1)
    }

    fn epsilon(&self) -> Option<TokenStream> {
        let default = proc_macro2::Literal::u64_unsuffixed(1e-5_f64.to_bits());
        Some(self.epsilon.clone().unwrap_or_else(|| quote!(#default)))
    }

    fn has_tape(&self) -> bool {
        true
    }

    fn has_state(&self) -> bool {
        true
    }
}
