//! `DepthwiseConv2d(outputs = inputs, kernel, stride = 1, padding = 0, dilation = 1, bias = true)`: `[C, H, W] -> [O, OH, OW]`, each output
//! from one input channel.

use proc_macro2::TokenStream;
use quote::quote;

use super::window::{self, Style, Window};
use super::{BuiltIn, Call, First, Resolved, Rule};
use crate::error::At;
use crate::model::{Dim, Scalar, Shape};
use crate::size::{Condition, Message, Number};

pub(super) static RULE: Rule = Rule {
    word: "DepthwiseConv2d",
    first: First::Optional("the number of output channels"),
    keywords: &["kernel", "stride", "padding", "dilation", "bias", "remainder"],
    required: &["kernel"],
    example: "DepthwiseConv2d(kernel = 3)",
    named: true,
    drawn: true,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let outputs = call.optional_first();
    let kernel = call.axes("kernel", 1, 2).unwrap_or_else(|| vec![Dim::Unknown; 2]);
    let bias = call.flag("bias");
    let input = call.channels_and_axes(2);
    let outputs = outputs.map_or_else(|| input[0].clone(), |outputs| check_outputs(call, &input[0], outputs));
    let (window, sizes) = window::resolve(call, kernel, &input[1..], &Style { causal: false, pool: false });
    let mut output = vec![outputs];
    output.extend(sizes);
    Resolved::layer(DepthwiseConv2d { window, bias }, Some(Shape(input)), Some(Shape(output)))
}

/// As many outputs for each input channel.
fn check_outputs(call: &mut Call<'_, '_>, inputs: &Dim, outputs: Dim) -> Dim {
    if *inputs == outputs {
        return outputs;
    }
    if call.refuse_parameters([inputs, &outputs], "needs arithmetic on") {
        return Dim::Unknown;
    }
    let krate = call.walk.krate.clone();
    let rest = Number::from(&outputs).rem(&inputs.into(), &krate);
    let fault = Message::default()
        .text("`DepthwiseConv2d` gives as many outputs for each input channel, but ")
        .number(&(&outputs).into())
        .text(" is no multiple of ")
        .number(&inputs.into());
    let help = Message::default().text("leave the number of outputs out, or write a multiple; a kernel is written `kernel = 3`");
    let at = call.first_value().map_or_else(|| call.span.into(), At::all);
    let holds = Condition::equal(&rest, &0.into());
    let wrong = matches!(holds, Condition::Known(false));
    call.require(at, holds, fault, help);
    if wrong { inputs.clone() } else { outputs }
}

struct DepthwiseConv2d {
    window: Window,
    bias: bool,
}

impl DepthwiseConv2d {
    fn with_bias(&self, bias: bool, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let mut list: Vec<_> = input.0.iter().chain(&output.0).map(|size| (size.tokens(), None)).collect();
        list.extend(self.window.kernel_tokens().into_iter().map(|size| (size, None)));
        let outputs = output.0[0].tokens();
        list.push((self.window.ty_or_default(), Some(quote!(Window2d))));
        list.push((scalar.tokens(), Some(quote!(f32))));
        list.push((if bias { outputs.clone() } else { quote!(0) }, Some(outputs)));
        let arguments = window::arguments(list);
        quote!(DepthwiseConv2d #arguments)
    }
}

impl BuiltIn for DepthwiseConv2d {
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        self.with_bias(self.bias, input, output, scalar)
    }

    fn without_bias(&self, input: &Shape, output: &Shape, scalar: Scalar) -> Option<(TokenStream, bool)> {
        Some((self.with_bias(false, input, output, scalar), self.bias))
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn parameters(&self, _: &Shape, output: &Shape) -> Option<usize> {
        self.window.parameters(&output.0[0], &Dim::Known(1), self.bias)
    }
}
