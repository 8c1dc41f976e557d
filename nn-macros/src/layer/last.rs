//! `Last`: `[L, F] -> [F]`, the last step.

use proc_macro2::TokenStream;
use quote::quote;

use super::{BuiltIn, Call, First, Resolved, Rule, window};
use crate::model::{Scalar, Shape};

pub(super) static RULE: Rule =
    Rule { word: "Last", first: First::None, keywords: &[], required: &[], example: "Last", named: false, drawn: false, resolve };

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let (steps, features) = call.steps_and_features();
    Resolved::layer(Last, Some(Shape(vec![steps, features.clone()])), Some(Shape(vec![features])))
}

struct Last;

impl BuiltIn for Last {
    fn ty(&self, input: &Shape, _: &Shape, scalar: Scalar) -> TokenStream {
        let list = vec![(input.0[0].tokens(), None), (input.0[1].tokens(), None), (scalar.tokens(), Some(quote!(f32)))];
        let arguments = window::arguments(list);
        quote!(Last #arguments)
    }

    fn has_fields(&self) -> bool {
        false
    }
}
