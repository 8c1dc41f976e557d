//! `MaxPool1d(kernel, stride = kernel, padding = 0)`: `[C, L] -> [C, OL]`, and `MaxPool2d`: `[C, H, W] -> [C, OH, OW]`; the largest value of each window.

use proc_macro2::TokenStream;
use quote::quote;

use super::window::{self, Style, Window};
use super::{BuiltIn, Call, First, Resolved, Rule};
use crate::model::{Scalar, Shape};

pub(super) static RULE_1D: Rule = Rule { word: "MaxPool1d", example: "MaxPool1d(2)", resolve: |call| resolve(call, 1), ..RULE };

pub(super) static RULE_2D: Rule = RULE;

const RULE: Rule = Rule {
    word: "MaxPool2d",
    first: First::Required("the kernel"),
    keywords: &["stride", "padding", "remainder"],
    required: &[],
    example: "MaxPool2d(2)",
    named: false,
    drawn: false,
    resolve: |call| resolve(call, 2),
};

fn resolve(call: &mut Call<'_, '_>, axes: usize) -> Resolved {
    let kernel = call.first_axes(axes);
    let input = call.channels_and_axes(axes);
    let (window, sizes) = window::resolve(call, kernel, &input[1..], &Style { causal: false, pool: true });
    let mut output = vec![input[0].clone()];
    output.extend(sizes);
    Resolved::layer(MaxPool { window }, Some(Shape(input)), Some(Shape(output)))
}

struct MaxPool {
    window: Window,
}

impl BuiltIn for MaxPool {
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let mut list: Vec<_> = input.0.iter().chain(&output.0[1..]).map(|size| (size.tokens(), None)).collect();
        list.extend(self.window.kernel_tokens().into_iter().map(|size| (size, None)));
        list.push((self.window.ty_or_default(), None));
        list.push((scalar.tokens(), Some(quote!(f32))));
        let arguments = window::arguments(list);
        if input.0.len() == 2 { quote!(MaxPool1d #arguments) } else { quote!(MaxPool2d #arguments) }
    }

    fn has_fields(&self) -> bool {
        false
    }
}
