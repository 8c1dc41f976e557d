//! `Lstm(units, output = Last, bidirectional = false, layers = 1, bias = true, forget_bias)`: `[L, I] -> [L, units]`, or `[units]` for the last state.

use quote::quote;

use super::{Call, First, Resolved, Rule, recurrent};
use crate::error::At;

pub(super) static RULE: Rule = Rule {
    word: "Lstm",
    first: First::Required("the number of units"),
    keywords: &["output", "bidirectional", "layers", "bias", "forget_bias"],
    required: &[],
    example: "Lstm(32)",
    named: true,
    drawn: true,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let largest = f64::from(f32::MAX);
    let forget_bias = call.bits("forget_bias", (-largest, largest), "a finite number");
    if let Some(value) = call.value("forget_bias")
        && !call.flag("bias")
    {
        call.walk.errors.push(
            At::all(value),
            format!("`{}` has no biases, and so none of the forget gate", call.label),
            "leave out `bias = false`, or `forget_bias`",
        );
    }
    recurrent::resolve(call, 4, Some((forget_bias.unwrap_or_else(|| quote!(AS_DRAWN)), quote!(AS_DRAWN))))
}
