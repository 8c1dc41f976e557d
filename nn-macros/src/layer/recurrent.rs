//! What the recurrent layers share: `output`, `bidirectional`, `layers` and `bias`, the shape rule and the type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{BuiltIn, Call, Resolved, window};
use crate::error::At;
use crate::model::{Dim, Scalar, Shape};
use crate::size::{Condition, Message, Number};
use crate::text;

/// The most layers that nn-core has keys for.
const MOST_LAYERS: usize = 8;

/// The layer, with so many gates; `last` is the type's last argument and its default.
pub(super) fn resolve(call: &mut Call<'_, '_>, gates: usize, last: Option<(TokenStream, TokenStream)>) -> Resolved {
    let units = call.first();
    let is_last = last_alone(call);
    let both = call.flag_or("bidirectional", false);
    let more = more_layers(call);
    let bias = call.flag("bias");
    let (steps, inputs) = call.steps_and_features();
    let outputs = if both {
        if call.refuse_parameters([&units], "needs twice") {
            Dim::Unknown
        } else {
            call.walk.product(&[Dim::Known(2), units.clone()], None).unwrap_or(Dim::Unknown)
        }
    } else {
        units.clone()
    };
    // A size that is missing says nothing about what the layers behind it get.
    call.lost |= call.broken;
    let output = if is_last { vec![outputs] } else { vec![steps.clone(), outputs] };
    let layer = Recurrent { word: call.rule.word, units, is_last, both, more, bias, gates, last };
    Resolved::layer(layer, Some(Shape(vec![steps, inputs])), Some(Shape(output)))
}

/// `output = Last`
fn last_alone(call: &mut Call<'_, '_>) -> bool {
    let Some(value) = call.value("output") else { return false };
    if call.word("output", &["Last"]).is_none() {
        call.walk.errors.push(
            At::all(value),
            format!("`output` is `Last` or left out, not `{}`", text::of(value)),
            "write `output = Last` for the last state alone; without it there is one at every step",
        );
    }
    true
}

/// How many layers are stacked on the first.
fn more_layers(call: &mut Call<'_, '_>) -> Dim {
    let Some(layers) = call.size("layers", 1) else { return Dim::Known(0) };
    if call.refuse_parameters([&layers], "needs one less than") {
        return Dim::Unknown;
    }
    let krate = call.walk.krate.clone();
    let number = Number::from(&layers);
    let at = call.value("layers").map_or_else(|| call.span.into(), At::all);
    let fault = Message::default().text(format!("`{}` stacks at most {MOST_LAYERS} layers, not ", call.rule.word)).number(&number);
    let help = Message::default().text("write fewer, or one such layer behind the other");
    call.require(at, Condition::at_most(&number, &MOST_LAYERS.into()), fault, help);
    call.walk.dim(number.sub(&1.into(), &krate), "layers")
}

struct Recurrent {
    word: &'static str,
    units: Dim,
    is_last: bool,
    both: bool,
    more: Dim,
    bias: bool,
    gates: usize,
    last: Option<(TokenStream, TokenStream)>,
}

impl BuiltIn for Recurrent {
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let word = format_ident!("{}", self.word);
        let every = quote!(EveryStep);
        let outputs = output.0.last().map_or_else(|| quote!(1), Dim::tokens);
        let units = self.units.tokens();
        let [directions, gates] = [if self.both { 2 } else { 1 }, self.gates].map(|n| Dim::Known(n).tokens());
        let mut list = vec![
            (input.0[0].tokens(), None),
            (input.0[1].tokens(), None),
            (units.clone(), None),
            (if self.is_last { quote!(LastStep) } else { every.clone() }, Some(every)),
            (outputs, Some(units)),
            (directions, Some(quote!(1))),
            (self.more.tokens(), Some(quote!(0))),
            (scalar.tokens(), Some(quote!(f32))),
            (if self.bias { gates.clone() } else { quote!(0) }, Some(gates)),
        ];
        list.extend(self.last.clone().map(|(last, default)| (last, Some(default))));
        let arguments = window::arguments(list);
        quote!(#word #arguments)
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn parameters(&self, input: &Shape, _: &Shape) -> Option<usize> {
        let known = |size: &Dim| Shape(vec![size.clone()]).known_len();
        let (inputs, units, more) = (known(&input.0[1])?, known(&self.units)?, known(&self.more)?);
        let (directions, biases) = (if self.both { 2 } else { 1 }, if self.bias { 2 } else { 0 });
        let rows = units.checked_mul(self.gates)?;
        let of = |inputs: usize| rows.checked_mul(inputs.checked_add(units)?.checked_add(biases)?)?.checked_mul(directions);
        of(inputs)?.checked_add(more.checked_mul(of(units.checked_mul(directions)?)?)?)
    }

    fn has_tape(&self) -> bool {
        true
    }

    fn has_workspace(&self) -> bool {
        true
    }

    fn initializer(&self) -> Option<&'static str> {
        Some("RecurrentUniform")
    }
}
