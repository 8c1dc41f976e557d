//! Tokens to [`ast`](crate::ast). After a mistake reading goes on behind the next comma, so that one build shows all of them.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, GenericParam, Generics, Ident, Token, Visibility, braced, bracketed, parenthesized, token};

use crate::ast::{Argument, Arguments, Block, Branch, Content, Declaration, Item, Sizes, What};
use crate::error::{At, Errors, error};
use crate::{check, layer, text};

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
    let body = if input.peek(token::Brace) {
        let content;
        let brace = braced!(content in input);
        let body = parse_items(&content, errors);
        if body.is_empty() && errors.is_empty() {
            errors.push(brace.span.join(), format!("`{name}` has no layers"), "write its layers in order, such as `fc: Dense(10)`");
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
        errors.push(input.span(), "nothing follows a network's layers", "declare each network in a `network!` of its own");
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
    if !input.peek(token::Brace) && !input.is_empty() {
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

/// Layers up to the end of the braces.
fn parse_items(input: ParseStream<'_>, errors: &mut Errors) -> Vec<Item> {
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
    } else if input.peek(Ident::peek_any) || input.peek(Token![#]) {
        errors.push(input.span(), format!("a comma is missing after `{label}`"), "separate the layers by commas");
    } else if input.peek(token::Bracket) {
        errors.push(input.span(), format!("`->` is missing between `{label}` and its shape"), "write `->` before the shape, or a comma");
        skip_to_comma(input);
    } else {
        errors.push(input.span(), format!("nothing of this kind follows `{label}`"), "write a comma, or `-> [sizes]` and a comma");
        skip_to_comma(input);
    }
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
    let name = if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
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
    let stated = if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        parse_shape(input, "output", errors)
    } else {
        None
    };
    Ok(Item { attributes, name, what, stated })
}

fn parse_what(input: ParseStream<'_>, name: Option<&Ident>, errors: &mut Errors) -> syn::Result<What> {
    if input.peek(Token![&]) {
        return parse_reference(input, errors);
    }
    if input.peek(Ident) && !input.peek2(Token![::]) && !input.peek2(Token![<]) {
        let word: Ident = input.parse()?;
        let arguments =
            if input.peek(token::Paren) || has_other_brackets(&word, input) { Some(parse_arguments(input, errors)?) } else { None };
        let block = if input.peek(token::Brace) { Some(parse_block(input, errors)?) } else { None };
        return Ok(What::Word { word, arguments, block });
    }
    if input.peek(Ident::peek_any) || input.peek(Token![::]) {
        return parse_path(input, errors);
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

/// Whether a layer's arguments stand in brackets or braces: `Dense[8]`, `Dense{8}`.
fn has_other_brackets(word: &Ident, input: ParseStream<'_>) -> bool {
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
fn parse_arguments(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Arguments> {
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

/// `{ main: { … }, skip: { … } }`, or layers.
fn parse_block(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Block> {
    let content;
    let brace = braced!(content in input);
    let branches = content.peek(Ident::peek_any) && content.peek2(Token![:]) && content.peek3(token::Brace);
    let span = brace.span.join();
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
    for attribute in input.call(Attribute::parse_outer)? {
        errors.push(At::all(&attribute), "a branch has no attributes", "put the attribute on a layer in the branch, or on the block");
    }
    if !(input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) && input.peek3(token::Brace)) {
        let name = input.fork().parse::<Ident>().map_or_else(|_| "name".into(), |name| name.to_string());
        return Err(error(input.span(), "a branch has a name and layers in braces", format!("write `{name}: {{ … }}`")));
    }
    let name: Ident = input.parse()?;
    input.parse::<Token![:]>()?;
    let content;
    braced!(content in input);
    let body = parse_items(&content, errors);
    Ok(Branch { name, body })
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
