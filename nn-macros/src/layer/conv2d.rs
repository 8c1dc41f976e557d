//! `Conv2d(outputs, kernel, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true)`: `[C, H, W] -> [O, OH, OW]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::window::{self, Style, Window};
use super::{BuiltIn, Call, First, Resolved, Rule};
use crate::error::At;
use crate::model::{Dim, Scalar, Shape};
use crate::size::{Condition, Message, Number};

pub(super) static RULE: Rule = Rule {
    word: "Conv2d",
    first: First::Required("the number of output channels"),
    keywords: &["kernel", "stride", "padding", "dilation", "groups", "bias", "remainder"],
    required: &["kernel"],
    example: "Conv2d(6, kernel = 5)",
    named: true,
    drawn: true,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let (input, output, window, group, bias) = convolution(call, 2);
    Resolved::layer(Conv2d { window, group, bias }, Some(input), Some(output))
}

/// What convolutions of any number of axes share: input, output, window, input channels a group, bias.
pub(super) fn convolution(call: &mut Call<'_, '_>, axes: usize) -> (Shape, Shape, Window, Dim, bool) {
    let outputs = call.first();
    let kernel = call.axes("kernel", 1, axes).unwrap_or_else(|| vec![Dim::Unknown; axes]);
    let bias = call.flag("bias");
    let input = call.channels_and_axes(axes);
    let (window, sizes) = window::resolve(call, kernel, &input[1..], &Style { causal: axes == 1, pool: false });
    let group = group(call, &input[0], &outputs);
    let mut output = vec![outputs];
    output.extend(sizes);
    (Shape(input), Shape(output), window, group, bias)
}

/// Input channels a group.
fn group(call: &mut Call<'_, '_>, inputs: &Dim, outputs: &Dim) -> Dim {
    let Some(groups) = call.size("groups", 1) else { return inputs.clone() };
    if groups == Dim::Known(1) {
        return inputs.clone();
    }
    if call.refuse_parameters([inputs, outputs, &groups], "needs arithmetic on") {
        return Dim::Unknown;
    }
    let krate = call.walk.krate.clone();
    let number = Number::from(&groups);
    let rest = |channels: &Dim| Number::from(channels).rem(&number, &krate);
    let condition = Condition::equal(&rest(inputs), &0.into()).and(Condition::equal(&rest(outputs), &0.into()));
    let fault = Message::default()
        .number(&number)
        .text(format!(" groups of `{}` do not divide its ", call.label))
        .number(&inputs.into())
        .text(" input and ")
        .number(&outputs.into())
        .text(" output channels evenly");
    let help = Message::default().text("use a number of groups that divides both");
    let at = call.value("groups").map_or_else(|| call.span.into(), At::all);
    call.require(at, condition, fault, help);
    let group = Number::from(inputs).div(&number, &krate);
    call.walk.dim(group, "group")
}

struct Conv2d {
    window: Window,
    group: Dim,
    bias: bool,
}

impl Conv2d {
    fn with_bias(&self, bias: bool, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let mut list: Vec<_> = input.0.iter().chain(&output.0).map(|size| (size.tokens(), None)).collect();
        list.extend(self.window.kernel_tokens().into_iter().map(|size| (size, None)));
        let outputs = output.0[0].tokens();
        list.push((self.window.ty_or_default(), Some(quote!(Window2d))));
        list.push((scalar.tokens(), Some(quote!(f32))));
        list.push((self.group.tokens(), Some(input.0[0].tokens())));
        list.push((if bias { outputs.clone() } else { quote!(0) }, Some(outputs)));
        let arguments = window::arguments(list);
        quote!(Conv2d #arguments)
    }
}

impl BuiltIn for Conv2d {
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
        self.window.parameters(&output.0[0], &self.group, self.bias)
    }
}
