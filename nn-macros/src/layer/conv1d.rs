//! `Conv1d(outputs, kernel, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true)`: `[C, L] -> [O, OL]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::window::{self, Window};
use super::{BuiltIn, Call, First, Resolved, Rule, conv2d};
use crate::model::{Dim, Scalar, Shape};

pub(super) static RULE: Rule = Rule {
    word: "Conv1d",
    first: First::Required("the number of output channels"),
    keywords: &["kernel", "stride", "padding", "dilation", "groups", "bias", "remainder"],
    required: &["kernel"],
    example: "Conv1d(16, kernel = 3)",
    named: true,
    drawn: true,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let (input, output, window, group, bias) = conv2d::convolution(call, 1);
    Resolved::layer(Conv1d { window, group, bias }, Some(input), Some(output))
}

struct Conv1d {
    window: Window,
    group: Dim,
    bias: bool,
}

impl Conv1d {
    fn with_bias(&self, bias: bool, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let mut list: Vec<_> = input.0.iter().chain(&output.0).map(|size| (size.tokens(), None)).collect();
        list.extend(self.window.kernel_tokens().into_iter().map(|size| (size, None)));
        let outputs = output.0[0].tokens();
        list.push((self.window.ty_or_default(), Some(quote!(Window1d))));
        list.push((scalar.tokens(), Some(quote!(f32))));
        list.push((self.group.tokens(), Some(input.0[0].tokens())));
        list.push((if bias { outputs.clone() } else { quote!(0) }, Some(outputs)));
        let arguments = window::arguments(list);
        quote!(Conv1d #arguments)
    }
}

impl BuiltIn for Conv1d {
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
