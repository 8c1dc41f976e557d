//! `GlobalAvgPool`: `[C, …] -> [C]`, the mean of each channel.

use proc_macro2::TokenStream;
use quote::quote;

use super::{BuiltIn, Call, First, Resolved, Rule};
use crate::model::{Dim, Scalar, Shape};
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
    let output = Shape(vec![input.0[0].clone()]);
    Resolved::layer(GlobalAvgPool, Some(input), Some(output))
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
