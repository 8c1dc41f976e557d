//! `Lstm(units, output = Last, bidirectional = false, layers = 1, bias = true, forget_bias)`: `[L, I] -> [L, units]`, or `[units]` for the last state.

use quote::quote;

use super::{Call, First, Resolved, Rule, recurrent};

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
    let forget_bias = call.bits("forget_bias", (f64::MIN, f64::MAX), "a finite number");
    recurrent::resolve(call, 4, Some((forget_bias.unwrap_or_else(|| quote!(AS_DRAWN)), quote!(AS_DRAWN))))
}
