//! Layers and blocks.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Token, Visibility, braced, parenthesized, token};

use super::{arguments, parse_shape, skip_to_comma, skip_while};
use crate::ast::{Argument, Arguments, Block, Branch, Content, Item, What};
use crate::error::{At, Errors, error};
use crate::{check, layer, text};

/// Layers up to the end of the braces.
pub(super) fn parse_items(input: ParseStream<'_>, errors: &mut Errors) -> Vec<Item> {
    let mut items = Vec::new();
    while !input.is_empty() {
        if input.peek(Token![,]) {
            errors.push(input.span(), "a layer is missing before this comma", "remove the comma, or write the layer");
            let _ = input.parse::<Token![,]>();
            continue;
        }
        match parse_item(input, errors) {
            Ok(item) => {
                items.push(item);
                end_item(input, items.last(), errors);
            }
            Err(error) => {
                errors.push_syn(error);
                skip_to_comma(input);
            }
        }
    }
    items
}

/// The comma behind a layer; where it is missing and another layer follows, reading goes on there.
fn end_item(input: ParseStream<'_>, item: Option<&Item>, errors: &mut Errors) {
    if input.is_empty() {
        return;
    }
    if input.peek(Token![,]) {
        let _ = input.parse::<Token![,]>();
        return;
    }
    let label = item.map_or_else(String::new, Item::label);
    if input.peek(Token![;]) {
        errors.push(input.span(), "layers are separated by commas", format!("write a comma after `{label}`"));
        let _ = input.parse::<Token![;]>();
    } else if input.peek(Token![->]) {
        errors.push(
            input.span(),
            format!("a comma, not `->`, stands between `{label}` and the next layer"),
            "write a comma; shapes follow `->`",
        );
        let _ = input.parse::<Token![->]>();
    } else if input.peek(Ident::peek_any) || input.peek(Token![#]) {
        errors.push(input.span(), format!("a comma is missing after `{label}`"), "separate the layers by commas");
    } else if input.peek(token::Bracket) {
        errors.push(input.span(), format!("`->` is missing between `{label}` and its shape"), "write `->` before the shape, or a comma");
        skip_to_layer(input);
    } else {
        errors.push(input.span(), format!("nothing of this kind follows `{label}`"), "write a comma, or `-> [sizes]` and a comma");
        skip_to_layer(input);
    }
}

/// Passes what is no layer: up to the next comma, or to a layer before it, which counts for the shapes that follow.
fn skip_to_layer(input: ParseStream<'_>) {
    skip_while(input, |input| !input.peek(Token![,]) && !begins_layer(input));
    let _ = input.parse::<Option<Token![,]>>();
}

/// Whether `name:` or a layer's word stands here.
fn begins_layer(input: ParseStream<'_>) -> bool {
    (input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]))
        || input.fork().parse::<Ident>().is_ok_and(|word| check::known_word(&word.to_string()).is_some())
}

fn parse_item(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Item> {
    let attributes = input.call(Attribute::parse_outer)?;
    if input.is_empty() {
        return Err(error(
            At::all(attributes.last()),
            "a layer is missing after this attribute",
            "write the layer, or remove the attribute",
        ));
    }
    if input.peek(Token![pub]) {
        let visibility: Visibility = input.parse()?;
        errors.push(At::all(&visibility), "a layer has no visibility of its own", "remove it; the fields of a network are public");
    }
    let name = if input.peek(syn::Lit) && input.peek2(Token![:]) {
        let written: syn::Lit = input.parse()?;
        input.parse::<Token![:]>()?;
        errors.push(written.span(), format!("a layer's name is a word, not `{}`", text::of(&written)), "write such as `fc1: …`");
        // As good as named.
        let name: String = text::of(&written).chars().filter(char::is_ascii_alphanumeric).collect();
        Some(Ident::new(&format!("layer_{name}"), written.span()))
    } else if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        Some(name)
    } else if input.peek(Ident::peek_any) && input.peek2(Token![=]) {
        let name = input.call(Ident::parse_any)?;
        errors.push(input.span(), format!("`:`, not `=`, stands between `{name}` and its layer"), format!("write `{name}: …`"));
        input.parse::<Token![=]>()?;
        Some(name)
    } else {
        None
    };
    let name = name.map(|name| {
        if syn::parse2::<Ident>(quote::quote!(#name)).is_ok() {
            return name;
        }
        errors.push(name.span(), format!("`{name}` is a word of Rust and cannot name a layer"), "choose another name, such as `fc1`");
        // As good as named.
        Ident::new(&format!("{name}_1"), name.span())
    });
    let what = parse_what(input, name.as_ref(), errors)?;
    let stated = if input.peek(Token![->]) && !is_followed_by_layer(input) {
        input.parse::<Token![->]>()?;
        parse_shape(input, "output", errors)
    } else {
        None
    };
    Ok(Item { attributes, name, what, stated })
}

/// Whether it is a layer that stands behind this arrow.
fn is_followed_by_layer(input: ParseStream<'_>) -> bool {
    let input = input.fork();
    input.parse::<Token![->]>().is_ok()
        && input.peek(Ident)
        && input.parse::<Ident>().is_ok_and(|word| check::known_word(&word.to_string()).is_some() || input.peek(Token![:]))
}

fn parse_what(input: ParseStream<'_>, name: Option<&Ident>, errors: &mut Errors) -> syn::Result<What> {
    if input.peek(Token![&]) {
        return parse_reference(input, errors);
    }
    if input.peek(Ident) && !input.peek2(Token![::]) && !input.peek2(Token![<]) {
        let word: Ident = input.parse()?;
        if matches!(&*word.to_string(), "Concat" | "Residual") && input.peek(token::Paren) && holds_braces(input) {
            errors.push(input.span(), format!("the branches of `{word}` stand in braces"), format!("write `{word} {{ … }}`"));
            return Ok(What::Word { arguments: None, block: Some(parse_block(input, &word, errors)?), word });
        }
        let arguments = if input.peek(token::Paren) || arguments::stand_in_other_brackets(&word, input) {
            Some(arguments::parse(input, errors)?)
        } else {
            None
        };
        let block = if input.peek(token::Brace) { Some(parse_block(input, &word, errors)?) } else { None };
        return Ok(What::Word { word, arguments, block });
    }
    let begins_path =
        input.peek(Ident) || input.peek(Token![crate]) || input.peek(Token![self]) || input.peek(Token![super]) || input.peek(Token![::]);
    if begins_path {
        return parse_path(input, errors);
    }
    if input.peek(Ident::peek_any) {
        let word = input.fork().call(Ident::parse_any)?;
        return Err(error(
            input.span(),
            format!("`{word}` is a word of Rust and no layer"),
            "write the layers in order, separated by commas; `Repeat(3) { … }` has some of them several times",
        ));
    }
    let (fault, help) = match name {
        Some(name) => (format!("a layer is missing after `{name}:`"), format!("write one, such as `{name}: Dense(10)`")),
        None => ("a layer is missing here".into(), "write one, such as `fc: Dense(10)` or `Relu`".into()),
    };
    Err(error(input.span(), fault, help))
}

/// `&Body(BODY)`
fn parse_reference(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<What> {
    let begin = input.span();
    input.parse::<Token![&]>()?;
    if input.peek(Token![mut]) {
        let mutable: Token![mut] = input.parse()?;
        errors.push(At::all(mutable), "a network in a `static` is used as it is", "remove `mut`");
    }
    let (path, span) = path_tokens(input)?;
    let (Ok(path), false) = (syn::parse2::<syn::Path>(path.clone()), path.is_empty()) else {
        return Err(error(begin, "the network behind this reference is missing", "write such as `&Body(BODY)`, with `static BODY: Body`"));
    };
    let name = text::of(&path);
    if !input.peek(token::Paren) {
        if name.chars().all(|letter| letter.is_uppercase() || "_0123456789".contains(letter)) {
            let help = format!("write it before the `static`, such as `&Body({name})`");
            return Err(error(span, format!("the type of the network in `{name}` is missing"), help));
        }
        let help = format!("write such as `&{name}(BODY)`, with `static BODY: {name}`");
        return Err(error(span, format!("the `static` that holds `{name}` is missing"), help));
    }
    let content;
    let parentheses = parenthesized!(content in input).span.join();
    let place: TokenStream = content.parse()?;
    if syn::parse2::<syn::Path>(place.clone()).is_err() {
        let at = if place.is_empty() { At::from(parentheses) } else { At::all(&place) };
        return Err(error(at, "the name of a `static` stands in the parentheses", format!("write such as `&{name}(BODY)`")));
    }
    Ok(What::Reference { path: quote::quote!(#path), span, place })
}

/// `my::Scale<32>`: everything up to the shape or the comma, outside of angle brackets.
fn parse_path(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<What> {
    let (path, span) = path_tokens(input)?;
    if !input.peek(Token![->])
        && let Some(word) = built_in(&path, input.peek(token::Paren))
    {
        let arguments = if input.peek(token::Paren) { input.parse::<TokenTree>()?.to_string() } else { "(…)".into() };
        errors.push(span, format!("`{word}` is built in and written by its word alone"), format!("write `{word}{arguments}`"));
        let unknown = Arguments { span, list: vec![Argument { keyword: None, value: None }] };
        return Ok(What::Word { word: Ident::new(word, span), arguments: Some(unknown), block: None });
    }
    if input.peek(token::Paren) || input.peek(token::Brace) {
        let group: TokenTree = input.parse()?;
        errors.push(
            group.span(),
            format!("a network or layer of your own, `{}`, takes no arguments here", text::of(&path)),
            "give it const parameters instead, `my::Scale<32> -> [32]`",
        );
    }
    let path: syn::Path = syn::parse2(path)?;
    let last = path.segments.last().map_or(span, |segment| segment.ident.span());
    Ok(What::Path { path: quote::quote!(#path), span: last })
}

/// The layer that is meant by `Dense<4>`, `Dense::new` or, called as one, `nn::Linear`.
fn built_in(path: &TokenStream, is_called: bool) -> Option<&'static str> {
    let path = syn::parse2::<syn::Path>(path.clone()).ok()?;
    let word = |segment: Option<&syn::PathSegment>| segment.map(|segment| segment.ident.to_string());
    let first = word(path.segments.first()).and_then(|word| check::known_word(&word));
    let last = word(path.segments.last()).filter(|_| is_called);
    let last = last.and_then(|word| check::known_word(&word).or_else(|| check::nearest_word(&word)));
    first.or(last).filter(|word| layer::rule(word).is_some())
}

/// The tokens of a path, and where it begins.
fn path_tokens(input: ParseStream<'_>) -> syn::Result<(TokenStream, Span)> {
    let span = input.span();
    let mut depth = 0_usize;
    let mut path = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![->]) {
        if depth == 0 && (input.peek(Token![,]) || input.peek(token::Paren) || input.peek(token::Brace)) {
            break;
        }
        if input.peek(Token![<]) {
            depth += 1;
        } else if input.peek(Token![>]) {
            depth = depth.saturating_sub(1);
        }
        path.extend([input.parse::<TokenTree>()?]);
    }
    Ok((path, span))
}

/// Whether branches stand in the next group.
fn holds_braces(input: ParseStream<'_>) -> bool {
    let Ok(TokenTree::Group(group)) = input.fork().parse::<TokenTree>() else { return false };
    group.stream().into_iter().any(|token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace))
}

/// `{ main: { … }, skip: { … } }`, or layers, of the block `word`.
fn parse_block(input: ParseStream<'_>, word: &Ident, errors: &mut Errors) -> syn::Result<Block> {
    let content;
    let span = if input.peek(token::Brace) { braced!(content in input).span } else { parenthesized!(content in input).span }.join();
    let is_branch = |name: &Ident| word == "Residual" && (name == "main" || name == "skip");
    let first = content.fork();
    let _ = first.call(Attribute::parse_outer);
    let branches = first.peek(Ident::peek_any)
        && first.peek2(Token![:])
        && (first.peek3(token::Brace) || first.fork().parse().is_ok_and(|name| is_branch(&name)));
    if !branches {
        return Ok(Block { span, broken: false, content: Content::Layers(parse_items(&content, errors)) });
    }
    let mut list = Vec::new();
    let mut broken = false;
    while !content.is_empty() {
        match parse_branch(&content, errors) {
            Ok(branch) => list.push(branch),
            Err(error) => {
                broken = true;
                errors.push_syn(error);
                skip_to_comma(&content);
                continue;
            }
        }
        if content.is_empty() {
            break;
        }
        if content.peek(Token![,]) {
            let _ = content.parse::<Token![,]>();
        } else {
            let name = list.last().map_or_else(String::new, |branch: &Branch| branch.name.to_string());
            errors.push(content.span(), format!("a comma is missing after `{name}: {{ … }}`"), "separate the branches by commas");
            if !content.peek(Ident::peek_any) && !content.peek(Token![#]) {
                skip_to_comma(&content);
            }
        }
    }
    Ok(Block { span, broken, content: Content::Branches(list) })
}

fn parse_branch(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Branch> {
    let attributes = input.call(Attribute::parse_outer)?;
    if !(input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) && input.peek3(token::Brace)) {
        let name = input.fork().parse::<Ident>().map_or_else(|_| "name".into(), |name| name.to_string());
        return Err(error(input.span(), "a branch has a name and layers in braces", format!("write `{name}: {{ … }}`")));
    }
    let name: Ident = input.parse()?;
    input.parse::<Token![:]>()?;
    let content;
    braced!(content in input);
    let body = parse_items(&content, errors);
    Ok(Branch { attributes, name, body })
}
