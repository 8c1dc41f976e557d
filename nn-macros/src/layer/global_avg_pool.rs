//! `GlobalAvgPool`: `[C, …] -> [C]`, the mean of each channel; of steps of features, `[L, F] -> [F]`, the mean of each feature.

use proc_macro2::TokenStream;
use quote::quote;

use super::{BuiltIn, Call, First, Resolved, Rule, window};
use crate::model::{Dim, Scalar, Shape};
use crate::shape::Convention;
use crate::size::{Condition, Message};

pub(super) static RULE: Rule = Rule {
    word: "GlobalAvgPool",
    first: First::None,
    keywords: &[],
    required: &[],
    example: "GlobalAvgPool",
    named: false,
    drawn: false,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let input = match call.input.clone() {
        None => Shape(vec![Dim::Unknown, Dim::Unknown]),
        Some(input) if input.0.len() < 2 => {
            let fault = Message::default()
                .text(format!("`{}` takes [channels, …], but {} ", call.label, call.walk.source))
                .then(call.walk.sizes(&input));
            let help =
                Message::default().text("a vector has no positions to average over: leave it out, or leave out the `Flatten` before it");
            call.require(call.span, Condition::Known(false), fault, help);
            Shape(vec![input.0[0].clone(), Dim::Known(1)])
        }
        Some(input) => input,
    };
    // Of steps of features the mean is over time as well.
    if call.walk.convention == Some(Convention::Steps) && input.0.len() == 2 {
        let output = Shape(vec![input.0[1].clone()]);
        return Resolved::layer(MeanOfSteps, Some(input), Some(output));
    }
    let output = Shape(vec![input.0[0].clone()]);
    Resolved::layer(GlobalAvgPool, Some(input), Some(output))
}

struct MeanOfSteps;

impl BuiltIn for MeanOfSteps {
    fn ty(&self, input: &Shape, _: &Shape, scalar: Scalar) -> TokenStream {
        let list = vec![(input.0[0].tokens(), None), (input.0[1].tokens(), None), (scalar.tokens(), Some(quote!(f32)))];
        let arguments = window::arguments(list);
        quote!(MeanOfSteps #arguments)
    }

    fn has_fields(&self) -> bool {
        false
    }
}

struct GlobalAvgPool;

impl BuiltIn for GlobalAvgPool {
    fn ty(&self, input: &Shape, _: &Shape, scalar: Scalar) -> TokenStream {
        let channels = input.0[0].tokens();
        let plane = Shape(input.0[1..].to_vec()).ty(scalar);
        quote!(GlobalAvgPool<#channels, #plane>)
    }

    fn has_fields(&self) -> bool {
        false
    }
}
