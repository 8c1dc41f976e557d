//! `Transpose`: `[A, B] -> [B, A]`, from channels over time to steps of features and back.

use proc_macro2::TokenStream;

use super::{BuiltIn, Call, First, Resolved, Rule, window};
use crate::model::{Dim, Scalar, Shape};
use crate::size::{Condition, Message};
use quote::quote;

pub(super) static RULE: Rule =
    Rule { word: "Transpose", first: First::None, keywords: &[], required: &[], example: "Transpose", named: false, drawn: false, resolve };

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let input = match call.input.clone() {
        None => Shape(vec![Dim::Unknown, Dim::Unknown]),
        Some(input) if input.0.len() != 2 => {
            let fault = Message::default()
                .text(format!("`{}` swaps two axes, but {} ", call.label, call.walk.source))
                .then(call.walk.sizes(&input));
            call.require(call.span, Condition::Known(false), fault, Message::default().text("leave it out"));
            call.lost = true;
            return Resolved::new(crate::model::Op::Flatten, Some(input), None);
        }
        Some(input) => input,
    };
    call.walk.convention = call.walk.convention.map(crate::shape::Convention::other);
    let output = Shape(vec![input.0[1].clone(), input.0[0].clone()]);
    Resolved::layer(Transpose, Some(input), Some(output))
}

struct Transpose;

impl BuiltIn for Transpose {
    fn ty(&self, input: &Shape, _: &Shape, scalar: Scalar) -> TokenStream {
        let list = vec![(input.0[0].tokens(), None), (input.0[1].tokens(), None), (scalar.tokens(), Some(quote!(f32)))];
        let arguments = window::arguments(list);
        quote!(Transpose #arguments)
    }

    fn has_fields(&self) -> bool {
        false
    }
}
