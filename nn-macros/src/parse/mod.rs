//! Tokens to [`ast`](crate::ast). After a mistake reading goes on behind the next comma, so that one build shows all of them.

mod arguments;
mod items;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, GenericParam, Generics, Ident, Token, Visibility, braced, bracketed, parenthesized, token};

use crate::ast::{Declaration, Sizes};
use crate::error::{At, Errors, error};
use crate::text;
use items::parse_items;

/// The macro's tokens, `[$crate]` in front; `None` where not even a name can be read.
pub(crate) fn declaration(tokens: TokenStream, errors: &mut Errors) -> Option<Declaration> {
    let parsed = (|input: ParseStream<'_>| {
        let declaration = parse_declaration(input, errors);
        skip(input);
        declaration
    })
    .parse2(tokens);
    match parsed {
        Ok(declaration) => Some(declaration),
        Err(error) => {
            errors.push_syn(error);
            None
        }
    }
}

fn parse_declaration(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Declaration> {
    let krate;
    bracketed!(krate in input);
    let krate: TokenStream = krate.parse()?;
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    if input.peek(Token![struct]) {
        input.parse::<Token![struct]>()?;
    } else {
        let mistake = error(input.span(), "a network is declared as a struct", "write `struct Name: [inputs] -> [outputs] { layers }`");
        if input.peek(Token![enum]) || input.peek(Token![union]) || input.peek(Token![type]) || input.peek(Token![fn]) {
            let _ = input.parse::<TokenTree>();
        } else if !input.peek(Ident) {
            return Err(mistake);
        }
        errors.push_syn(mistake);
    }
    let name: Ident =
        input.parse().map_err(|at| error(at.span(), "a network has a name", "write `struct Name: [inputs] -> [outputs] { layers }`"))?;
    let generics = parse_generics(input, errors)?;
    let (from, to) = parse_signature(input, &name, errors);
    let body = if input.peek(token::Brace) || input.peek(token::Bracket) || input.peek(token::Paren) {
        let content;
        let span = if input.peek(token::Brace) {
            braced!(content in input).span
        } else {
            errors.push(
                input.span(),
                "a network's layers stand in braces",
                format!("write `struct {name}: [inputs] -> [outputs] {{ layers }}`"),
            );
            if input.peek(token::Bracket) { bracketed!(content in input).span } else { parenthesized!(content in input).span }
        };
        let body = parse_items(&content, errors);
        if body.is_empty() && errors.is_empty() {
            errors.push(span.join(), format!("`{name}` has no layers"), "write its layers in order, such as `fc: Dense(10)`");
        }
        body
    } else {
        errors.push(
            here(input, name.span()),
            format!("the layers of `{name}` are missing"),
            "write them in braces, in order: `{ fc: Dense(10) }`",
        );
        Vec::new()
    };
    if !input.is_empty() {
        let help = if input.peek(Token![;]) { "remove the semicolon" } else { "declare each network in a `network!` of its own" };
        errors.push(input.span(), "nothing follows a network's layers", help);
    }
    Ok(Declaration { krate, attributes, visibility, name, generics, input: from, output: to, body })
}

/// `<const H: usize>`
fn parse_generics(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<syn::ConstParam>> {
    let generics: Generics = input.parse()?;
    let mut parameters = Vec::new();
    for parameter in generics.params {
        match parameter {
            GenericParam::Const(parameter) => {
                if text::of(&parameter.ty) != "usize" {
                    errors.push(
                        At::all(&parameter.ty),
                        format!("a size is a `usize`, not a `{}`", text::of(&parameter.ty)),
                        format!("write `const {}: usize`", parameter.ident),
                    );
                }
                if let Some((_, default)) = &parameter.default {
                    errors.push(
                        At::all(default),
                        format!("the const parameter `{}` of a network has no default", parameter.ident),
                        format!("remove `= {}`, and name the size where the network is used", text::of(default)),
                    );
                }
                parameters.push(parameter);
            }
            GenericParam::Type(parameter) => errors.push(
                parameter.ident.span(),
                format!("a network has no type parameters, but `{}` is one", parameter.ident),
                format!("for a size write `const {}: usize`; for f64 put `#[scalar(f64)]` on the network", parameter.ident),
            ),
            GenericParam::Lifetime(parameter) => {
                errors.push(At::all(&parameter), "a network borrows nothing and has no lifetimes", "remove the lifetime");
            }
        }
    }
    Ok(parameters)
}

/// `: [1, 28, 28] -> [10]`
fn parse_signature(input: ParseStream<'_>, name: &Ident, errors: &mut Errors) -> (Option<Sizes>, Option<Sizes>) {
    const FORM: &str = "`struct Name: [inputs] -> [outputs] { layers }`";
    if input.peek(Token![:]) {
        let _ = input.parse::<Token![:]>();
    } else if input.peek(token::Bracket) {
        errors.push(
            input.span(),
            format!("a colon is missing between `{name}` and its input"),
            format!("write `{name}: [inputs] -> [outputs]`"),
        );
    } else {
        errors.push(
            name.span(),
            format!("the input and output of `{name}` are missing"),
            format!("write {FORM}").replace("Name", &name.to_string()),
        );
        skip_to_brace(input);
        return (None, None);
    }
    let from = parse_shape(input, "input", errors);
    if input.peek(Token![->]) {
        let _ = input.parse::<Token![->]>();
    } else {
        errors.push(here(input, name.span()), format!("the output of `{name}` is missing"), "write `-> [outputs]` after the input");
        skip_to_brace(input);
        return (from, None);
    }
    let to = parse_shape(input, "output", errors);
    if !(input.is_empty() || input.peek(token::Brace) || input.peek(token::Bracket) || input.peek(token::Paren)) {
        errors.push(input.span(), "a network's layers stand in braces after its output", format!("write {FORM}"));
        skip_to_brace(input);
    }
    (from, to)
}

/// `[1, 28, 28]`; tuples are kept for networks with several inputs or outputs.
fn parse_shape(input: ParseStream<'_>, role: &str, errors: &mut Errors) -> Option<Sizes> {
    if input.peek(token::Bracket) {
        return parse_sizes(input, errors);
    }
    if let Ok(TokenTree::Group(group)) = input.fork().parse::<TokenTree>()
        && group.delimiter() == Delimiter::Parenthesis
    {
        errors.push(
            group.span(),
            format!("several {role}s are not supported yet"),
            format!("give one {role} shape in brackets, such as `[10]`"),
        );
        let _ = input.parse::<TokenTree>();
        return None;
    }
    errors.push(input.span(), format!("an {role} is a shape in brackets"), "write its sizes, such as `[10]` or `[3, 32, 32]`");
    while !input.is_empty() && !input.peek(Token![->]) && !input.peek(Token![,]) && !input.peek(token::Brace) {
        let _ = input.parse::<TokenTree>();
    }
    None
}

fn parse_sizes(input: ParseStream<'_>, errors: &mut Errors) -> Option<Sizes> {
    let content;
    let bracket = match (|| {
        let inside;
        let bracket = bracketed!(inside in input);
        Ok::<_, syn::Error>((bracket, inside))
    })() {
        Ok((bracket, inside)) => {
            content = inside;
            bracket
        }
        Err(error) => {
            errors.push_syn(error);
            return None;
        }
    };
    let span = bracket.span.join();
    let mut sizes = Vec::new();
    while !content.is_empty() {
        if skip_batch(&content, errors) {
            continue;
        }
        match content.parse::<Expr>() {
            Ok(size) => sizes.push(size),
            Err(error) => {
                errors.push(
                    error.span(),
                    "a size is a number, a constant or a const expression",
                    "write sizes such as `28`, `WIDTH` or `2 * WIDTH`",
                );
                skip(&content);
                return None;
            }
        }
        if content.is_empty() {
            break;
        }
        if content.peek(Token![,]) {
            let _ = content.parse::<Token![,]>();
        } else if content.peek(Token![;]) {
            errors.push(content.span(), "a shape is a list of sizes", "separate the sizes by commas: `[3, 32, 32]`");
            skip(&content);
            return None;
        } else {
            errors.push(content.span(), "a comma is missing between two sizes", "separate the sizes by commas: `[3, 32, 32]`");
        }
    }
    Some(Sizes { span, sizes })
}

/// Passes what other libraries write for the number of samples: `_`, `?`, `None`, `-1` or dots. Whether it stood there.
fn skip_batch(content: ParseStream<'_>, errors: &mut Errors) -> bool {
    let is_none = content.fork().parse::<Ident>().is_ok_and(|word| word == "None");
    let is_minus_one = content.peek(Token![-]) && content.peek2(syn::LitInt);
    if !(is_none || is_minus_one || content.peek(Token![_]) || content.peek(Token![?]) || content.peek(Token![..])) {
        return false;
    }
    let at = content.span();
    skip_to_comma(content);
    errors.push(
        at,
        "the number of samples is no part of a shape",
        "leave it out: a shape is that of one sample, and batches are of any size",
    );
    true
}

/// Where something is missing: the next token, or `otherwise` at the end.
fn here(input: ParseStream<'_>, otherwise: Span) -> Span {
    if input.is_empty() { otherwise } else { input.span() }
}

fn skip(input: ParseStream<'_>) {
    skip_while(input, |_| true);
}

fn skip_to_brace(input: ParseStream<'_>) {
    skip_while(input, |input| !input.peek(token::Brace));
}

fn skip_to_comma(input: ParseStream<'_>) {
    skip_while(input, |input| !input.peek(Token![,]));
    let _ = input.parse::<Option<Token![,]>>();
}

fn skip_while(input: ParseStream<'_>, goes_on: impl Fn(ParseStream<'_>) -> bool) {
    while !input.is_empty() && goes_on(input) {
        let _ = input.parse::<TokenTree>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::{Block, Content, Item, What};
    use quote::quote;

    fn parse(tokens: &TokenStream) -> (Declaration, Vec<String>) {
        let mut errors = Errors::default();
        let declaration = declaration(quote!([::nn_core] #tokens), &mut errors);
        (declaration.expect("a name is there"), errors.messages())
    }

    fn labels(items: &[Item]) -> Vec<String> {
        items.iter().map(Item::label).collect()
    }

    #[test]
    fn a_declaration_keeps_what_was_written() {
        let (net, errors) = parse(&quote! {
            /// A network.
            #[frozen]
            pub(crate) struct Net<const H: usize>: [1, 28, WIDTH] -> [10] {
                conv1: Conv2d(6, kernel = (5, 3)) -> [6, 24, 26],
                Relu,
                fc: Dense(2 * H),
            }
        });
        assert_eq!(errors, [""; 0]);
        assert_eq!(net.name, "Net");
        assert_eq!(net.attributes.len(), 2);
        assert_eq!(net.generics[0].ident, "H");
        assert_eq!(net.input.expect("given").sizes.len(), 3);
        assert_eq!(labels(&net.body), ["conv1: Conv2d(6, kernel = (5, 3))", "Relu", "fc: Dense(2 * H)"]);
        assert_eq!(net.body[0].stated.as_ref().expect("given").sizes.len(), 3);
    }

    #[test]
    fn a_path_is_no_name_with_a_colon() {
        let (net, errors) = parse(&quote! {
            struct Net: [4] -> [4] { a: my::Scale<4> -> [4], b: crate::nets::Pair<7, 3> -> [4], ::nets::C -> [4] }
        });
        assert_eq!(errors, [""; 0]);
        assert_eq!(labels(&net.body), ["a: my::Scale<4>", "b: crate::nets::Pair<7, 3>", "::nets::C"]);
        assert_eq!(net.body[2].name, None);
    }

    #[test]
    fn a_block_holds_branches_or_layers() {
        let (net, errors) = parse(&quote! {
            struct Net: [4] -> [4] { Residual { main: { fc: Dense(4), Relu } }, blocks: Repeat(3) { fc: Dense(4) } }
        });
        assert_eq!(errors, [""; 0]);
        let contents: Vec<_> = net
            .body
            .iter()
            .map(|item| match &item.what {
                What::Word { block: Some(Block { content: Content::Branches(branches), .. }), .. } => {
                    format!("branch {}", branches[0].name)
                }
                What::Word { block: Some(Block { content: Content::Layers(layers), .. }), .. } => format!("{} layer", layers.len()),
                _ => "none".into(),
            })
            .collect();
        assert_eq!(contents, ["branch main", "1 layer"]);
    }

    #[test]
    fn reading_goes_on_after_each_mistake() {
        let (net, errors) = parse(&quote! {
            struct Net: [4] -> [2] {
                a: Dense(8)
                Relu;
                b: ,
                c: Dense(=> 3),
                d: Dense(2) [2],
                e: Dense(2),
            }
        });
        assert_eq!(labels(&net.body), ["a: Dense(8)", "Relu", "c: Dense(…)", "d: Dense(2)", "e: Dense(2)"]);
        assert_eq!(errors.len(), 5, "{errors:#?}");
        assert!(errors.iter().all(|error| error.contains("\nhelp: ")), "{errors:#?}");
    }
}
