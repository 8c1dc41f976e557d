//! `Gru(units, output = Last, bidirectional = false, layers = 1, bias = true)`: `[L, I] -> [L, units]`, or `[units]` for the last state.

use super::{Call, First, Resolved, Rule, recurrent};

pub(super) static RULE: Rule = Rule {
    word: "Gru",
    first: First::Required("the number of units"),
    keywords: &["output", "bidirectional", "layers", "bias"],
    required: &[],
    example: "Gru(32)",
    named: true,
    drawn: true,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    recurrent::resolve(call, 3, None)
}
