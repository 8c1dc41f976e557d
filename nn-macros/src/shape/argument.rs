//! An activation's argument, read and checked.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, Ident};

use super::Walk;
use crate::activation::{Activation, Argument, find};
use crate::ast::Arguments;
use crate::error::{At, nearest};
use crate::layer::literal;
use crate::model::Known;
use crate::text;

impl Activation {
    /// The value in generated code, `#krate::activation::LeakyRelu(0.2)`, and what its derivative is computed from.
    pub(super) fn value(&self, word: &Ident, arguments: Option<&Arguments>, walk: &mut Walk<'_>) -> (TokenStream, Known) {
        let krate = walk.krate.clone();
        let name = format_ident!("{}", self.word);
        let list = arguments.map_or(&[][..], |arguments| &arguments.list);
        let plain = match self.argument {
            Argument::None | Argument::Word(..) => quote!(#krate::activation::#name),
            Argument::Number(_, default) => quote!(#krate::activation::#name(#default)),
        };
        let mut values = Vec::new();
        for argument in list {
            match (&argument.keyword, &argument.value) {
                (Some(keyword), _) => {
                    let help = match self.argument {
                        Argument::None => format!("write `{}`", self.word),
                        Argument::Number(_, number) => format!("write the number alone: `{}({number})`", self.word),
                        Argument::Word(variant, _) => format!("write `{}` or `{}({variant})`", self.word, self.word),
                    };
                    walk.errors.push(keyword.span(), format!("`{}` has no argument `{keyword}`", self.word), help);
                    return (plain, self.known);
                }
                (None, Some(value)) => values.push(value),
                (None, None) => return (plain, self.known),
            }
        }
        let (first, rest) = match values.as_slice() {
            [] => return (plain, self.known),
            [first, rest @ ..] => (*first, rest),
        };
        if let Some(second) = rest.first() {
            walk.errors.push(At::all(second), format!("`{}` takes one argument", self.word), format!("remove `{}`", text::of(second)));
        }
        match self.argument {
            Argument::None => {
                walk.errors.push(At::all(first), format!("`{word}` takes no arguments"), format!("write `{}`", self.word));
                (plain, self.known)
            }
            Argument::Number(what, default) => match (literal(first), first) {
                (Some(number), _) if number >= 0.0 => (quote!(#krate::activation::#name(#number)), self.known),
                (Some(number), _) => {
                    walk.errors.push(
                        At::all(first),
                        format!("{what} of `{}` is at least 0, not {number}", self.word),
                        format!("write such as `{}({default})`", self.word),
                    );
                    (plain, self.known)
                }
                (None, Expr::Lit(_)) => {
                    walk.errors.push(
                        At::all(first),
                        format!("{what} of `{}` is a number", self.word),
                        format!("write such as `{}({default})`", self.word),
                    );
                    (plain, self.known)
                }
                (None, value) => {
                    let constant = walk.constant(self.word, quote!(f64), quote!(#value));
                    let message = format!(
                        "{what} of `{}({})` is at least 0\nhelp: write such as `{}({default})`",
                        self.word,
                        text::of(value),
                        self.word
                    );
                    let span = At::all(value).first;
                    walk.assertions.push(quote_spanned!(span=> const _: () = ::core::assert!(#constant >= 0.0, #message);));
                    (quote!(#krate::activation::#name(#constant)), self.known)
                }
            },
            Argument::Word(variant, other) => {
                let given = text::of(first);
                if given == variant {
                    let other_name = format_ident!("{other}");
                    let known = find(other).map_or(self.known, |other| other.known);
                    return (quote!(#krate::activation::#other_name), known);
                }
                let help = match nearest(&given, [variant]) {
                    Some(_) => format!("write `{}({variant})`", self.word),
                    None => format!("write `{}` or `{}({variant})`", self.word, self.word),
                };
                walk.errors.push(At::all(first), format!("there is no `{}({given})`", self.word), help);
                (plain, self.known)
            }
        }
    }
}
