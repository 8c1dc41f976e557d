//! `Rnn(units, output = Last, bidirectional = false, layers = 1, bias = true, activation = Tanh)`: `[L, I] -> [L, units]`, or `[units]` for the last state.

use quote::quote;

use super::{Call, First, Resolved, Rule, recurrent};
use crate::error::At;
use crate::text;

pub(super) static RULE: Rule = Rule {
    word: "Rnn",
    first: First::Required("the number of units"),
    keywords: &["output", "bidirectional", "layers", "bias", "activation"],
    required: &[],
    example: "Rnn(32)",
    named: true,
    drawn: true,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let is_relu = match (call.value("activation"), call.word("activation", &["Tanh", "Relu"])) {
        (None, _) => false,
        (Some(_), Some(word)) => word == "Relu",
        (Some(value), None) => {
            call.walk.errors.push(
                At::all(value),
                format!("the activation of `Rnn` is `Tanh` or `Relu`, not `{}`", text::of(value)),
                "leave it out for `Tanh`, or write `activation = Relu`; others compute something else, and are not there yet",
            );
            false
        }
    };
    let last = if is_relu { quote!(Rectified) } else { quote!(Tanh) };
    recurrent::resolve(call, 1, Some((last, quote!(Tanh))))
}
