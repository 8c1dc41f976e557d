//! `AvgPool1d(kernel, stride = kernel, padding = 0)`: `[C, L] -> [C, OL]`, and `AvgPool2d`: `[C, H, W] -> [C, OH, OW]`; the mean of each window, padding counted.

use proc_macro2::TokenStream;
use quote::quote;

use super::window::{self, Style, Window};
use super::{BuiltIn, Call, First, Resolved, Rule};
use crate::model::{Scalar, Shape};

pub(super) static RULE_1D: Rule = Rule { word: "AvgPool1d", example: "AvgPool1d(2)", resolve: |call| resolve(call, 1), ..RULE };

pub(super) static RULE_2D: Rule = RULE;

const RULE: Rule = Rule {
    word: "AvgPool2d",
    first: First::Required("the kernel"),
    keywords: &["stride", "padding", "remainder"],
    required: &[],
    example: "AvgPool2d(2)",
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
    Resolved::layer(AvgPool { window }, Some(Shape(input)), Some(Shape(output)))
}

struct AvgPool {
    window: Window,
}

impl BuiltIn for AvgPool {
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let mut list: Vec<_> = input.0.iter().chain(&output.0[1..]).map(|size| (size.tokens(), None)).collect();
        list.extend(self.window.kernel_tokens().into_iter().map(|size| (size, None)));
        list.push((self.window.ty_or_default(), None));
        list.push((scalar.tokens(), Some(quote!(f32))));
        let arguments = window::arguments(list);
        if input.0.len() == 2 { quote!(AvgPool1d #arguments) } else { quote!(AvgPool2d #arguments) }
    }

    fn has_fields(&self) -> bool {
        false
    }
}
