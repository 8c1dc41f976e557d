//! What stands in a layer's parentheses.

use proc_macro2::{Delimiter, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Token, braced, bracketed, parenthesized, token};

use super::{skip_to_comma, skip_while};
use crate::ast::{Argument, Arguments};
use crate::error::Errors;
use crate::{check, layer, text};

/// Whether a layer's arguments stand in brackets or braces: `Dense[8]`, `Dense{8}`.
pub(super) fn stand_in_other_brackets(word: &Ident, input: ParseStream<'_>) -> bool {
    let word = word.to_string();
    let known = check::known_word(&word).or_else(|| check::nearest_word(&word));
    if known.and_then(layer::rule).is_none_or(|rule| matches!(rule.first, layer::First::None)) {
        return false;
    }
    let Ok(TokenTree::Group(group)) = input.fork().parse::<TokenTree>() else { return false };
    let mut tokens = group.stream().into_iter();
    match (group.delimiter(), tokens.next(), tokens.next()) {
        (Delimiter::Bracket, ..) | (Delimiter::Brace, Some(TokenTree::Literal(_)), _) => true,
        (Delimiter::Brace, Some(TokenTree::Ident(first)), second) => {
            let first = first.to_string();
            let is_end = second.is_none_or(|second| matches!(&second, TokenTree::Punct(mark) if "=,".contains(mark.as_char())));
            is_end && check::known_word(&first).is_none() && check::nearest_word(&first).is_none()
        }
        _ => false,
    }
}

/// `(6, kernel = 5)`
pub(super) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Arguments> {
    let (content, span);
    if input.peek(token::Paren) {
        span = parenthesized!(content in input).span;
    } else {
        let at = input.span();
        let written: TokenTree = input.fork().parse()?;
        let TokenTree::Group(group) = written else { return Err(input.error("expected arguments")) };
        errors.push(at, "the arguments of a layer stand in parentheses", format!("write `({})`", text::of(group.stream())));
        span = if input.peek(token::Brace) { braced!(content in input).span } else { bracketed!(content in input).span };
    }
    let mut list = Vec::new();
    while !content.is_empty() {
        list.push(parse_argument(&content, errors));
        if content.is_empty() {
            break;
        }
        if content.peek(Token![,]) {
            let _ = content.parse::<Token![,]>();
        } else {
            errors.push(content.span(), "a comma is missing between two arguments", "separate the arguments by commas");
            if !content.peek(Ident) && !content.peek(syn::Lit) && !content.peek(token::Paren) {
                skip_to_comma(&content);
            }
        }
    }
    Ok(Arguments { span: span.join(), list })
}

fn parse_argument(input: ParseStream<'_>, errors: &mut Errors) -> Argument {
    let named = input.peek(Ident::peek_any)
        && (input.peek2(Token![=]) || input.peek2(Token![:]) && !input.peek2(Token![::]))
        && !input.peek2(Token![==]);
    let keyword = if named {
        let keyword = input.call(Ident::parse_any).ok();
        if input.peek(Token![:]) {
            let name = keyword.as_ref().map_or_else(String::new, Ident::to_string);
            errors.push(input.span(), format!("an argument's value follows `=`, not `:`, after `{name}`"), format!("write `{name} = …`"));
            let _ = input.parse::<Token![:]>();
        } else {
            let _ = input.parse::<Token![=]>();
        }
        keyword
    } else {
        None
    };
    let value = match input.parse::<Expr>() {
        Ok(value) => Some(value),
        Err(error) => {
            let span = if input.is_empty() { keyword.as_ref().map_or_else(|| error.span(), Ident::span) } else { input.span() };
            let help = digits_after_point(input).map_or("write such as `6` or `kernel = 5`".into(), |digits| format!("write `0.{digits}`"));
            match &keyword {
                Some(keyword) => errors.push(span, format!("the value of `{keyword}` is missing"), format!("write `{keyword} = …`")),
                None => errors.push(span, "an argument is a value or `keyword = value`", help),
            }
            skip_while(input, |input| !input.peek(Token![,]));
            None
        }
    };
    Argument { keyword, value }
}

/// `5` of `.5`, which is no number in Rust.
fn digits_after_point(input: ParseStream<'_>) -> Option<String> {
    let input = input.fork();
    input.parse::<Token![.]>().ok()?;
    Some(input.parse::<syn::LitInt>().ok()?.base10_digits().to_owned())
}
