//! What pools share: one number of each window, channel by channel.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::window::{self, Style, Window};
use super::{BuiltIn, Call, First, Resolved, Rule};
use crate::model::{Scalar, Shape};

/// What the pools' rules have in common.
pub(super) const RULE: Rule = Rule {
    word: "",
    first: First::Required("the kernel"),
    keywords: &["stride", "padding", "remainder"],
    required: &[],
    example: "",
    named: false,
    drawn: false,
    resolve: |call| resolve(call, 2),
};

/// A pool over `axes` axes.
pub(super) fn resolve(call: &mut Call<'_, '_>, axes: usize) -> Resolved {
    let word = call.rule.word;
    let kernel = call.first_axes(axes);
    let input = call.channels_and_axes(axes);
    let (window, sizes) = window::resolve(call, kernel, &input[1..], &Style { causal: false, pool: true });
    let mut output = vec![input[0].clone()];
    output.extend(sizes);
    Resolved::layer(Pool { word, window }, Some(Shape(input)), Some(Shape(output)))
}

struct Pool {
    word: &'static str,
    window: Window,
}

impl BuiltIn for Pool {
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream {
        let word = format_ident!("{}", self.word);
        let mut list: Vec<_> = input.0.iter().chain(&output.0[1..]).map(|size| (size.tokens(), None)).collect();
        list.extend(self.window.kernel_tokens().into_iter().map(|size| (size, None)));
        list.push((self.window.ty_or_default(), None));
        list.push((scalar.tokens(), Some(quote!(f32))));
        let arguments = window::arguments(list);
        quote!(#word #arguments)
    }

    fn has_fields(&self) -> bool {
        false
    }

    fn has_tape(&self) -> bool {
        // Where each maximum was.
        self.word.starts_with("Max")
    }
}
