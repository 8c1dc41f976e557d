//! `Flatten`: any shape to a vector of as many numbers, row by row.

use super::{Call, First, Resolved, Rule};
use crate::model::{Op, Shape};

pub(super) static RULE: Rule =
    Rule { word: "Flatten", first: First::None, keywords: &[], required: &[], example: "Flatten", named: false, drawn: false, resolve };

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let input = call.input.clone();
    let output = input.as_ref().map(|input| {
        let length = call.walk.product(&input.0, Some((call.span, &call.label)));
        Shape(vec![length.unwrap_or(crate::model::Dim::Unknown)])
    });
    Resolved::new(Op::Flatten, input, output)
}
