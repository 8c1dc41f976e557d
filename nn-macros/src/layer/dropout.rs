//! `Dropout(rate)`: while training each number is zero with probability `rate`; any shape.

use quote::quote;

use super::{Call, First, Resolved, Rule, literal};
use crate::error::At;
use crate::model::Op;
use crate::text;

pub(super) static RULE: Rule = Rule {
    word: "Dropout",
    first: First::Required("the rate"),
    keywords: &[],
    required: &[],
    example: "Dropout(0.5)",
    named: false,
    drawn: false,
    resolve,
};

fn resolve(call: &mut Call<'_, '_>) -> Resolved {
    let rate = match call.first_value() {
        None => quote!(0.0),
        Some(value) => match literal(value) {
            Some(rate) if (0.0..1.0).contains(&rate) => {
                let rate = proc_macro2::Literal::f64_unsuffixed(rate);
                quote!(#rate)
            }
            Some(rate) => {
                let help = if (2.0..100.0).contains(&rate) {
                    format!("for {rate} percent write `Dropout({})`", rate / 100.0)
                } else {
                    "write such as `Dropout(0.5)`".into()
                };
                call.walk.errors.push(
                    At::all(value),
                    format!("the rate of `Dropout` is at least 0 and below 1, not {}", text::of(value)),
                    help,
                );
                quote!(0.0)
            }
            None if matches!(value, syn::Expr::Lit(_)) => {
                call.walk.errors.push(At::all(value), "the rate of `Dropout` is a number", "write such as `Dropout(0.5)`");
                quote!(0.0)
            }
            None => {
                let name = call.walk.constant("rate", quote!(f64), quote!(#value));
                let krate = call.walk.krate.clone();
                let label = &call.label;
                let span = At::all(value).first;
                call.walk.assertions.push(quote::quote_spanned!(span=>
                    const _: () = ::core::assert!(
                        #name >= 0.0 && #name < 1.0,
                        "{}",
                        #krate::shape::Message::new().text("the rate of `").text(#label).text("` is at least 0 and below 1\nhelp: write such as `Dropout(0.5)`").as_str()
                    );
                ));
                quote!(#name)
            }
        },
    };
    Resolved::new(Op::Dropout { rate }, call.input.clone(), call.input.clone())
}
