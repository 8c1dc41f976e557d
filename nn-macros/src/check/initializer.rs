//! `#[init(…)]`: how a layer's weights begin.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Meta};

use crate::ast::Item;
use crate::error::{At, Errors, nearest};

/// Initialisers of nn-core and how many numbers each takes.
const INITIALIZERS: [(&str, usize); 12] = [
    ("Zeros", 0),
    ("Constant", 1),
    ("Uniform", 2),
    ("Normal", 2),
    ("XavierUniform", 0),
    ("XavierNormal", 0),
    ("HeUniform", 0),
    ("HeNormal", 0),
    ("LeCunNormal", 0),
    ("Orthogonal", 0),
    ("RecurrentUniform", 0),
    ("Gain", 2),
];

/// `#[init(HeNormal)]` as an expression; nn-core's words get their path, and a path of the user's stands as it is.
pub(crate) fn initializer(item: &Item, krate: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    let attribute = item.attributes.iter().find(|attribute| attribute.path().is_ident("init"))?;
    let Meta::List(list) = &attribute.meta else {
        errors.push(At::all(&attribute.meta), "`#[init]` names an initialiser", "write such as `#[init(HeNormal)]`");
        return None;
    };
    if let Ok(value) = syn::parse2::<Expr>(list.tokens.clone()) {
        return initializer_value(&value, krate, errors);
    }
    let at = if list.tokens.is_empty() { At::all(&attribute.meta) } else { At::all(&list.tokens) };
    errors.push(at, "`#[init]` names an initialiser", "write such as `#[init(HeNormal)]`");
    None
}

fn initializer_value(value: &Expr, krate: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    let (function, arguments) = match value {
        Expr::Call(call) => (&*call.func, call.args.iter().collect()),
        other => (other, Vec::new()),
    };
    let Expr::Path(path) = function else {
        errors.push(At::all(value), "`#[init]` names an initialiser", "write such as `#[init(HeNormal)]`");
        return None;
    };
    let Some(word) = path.path.get_ident() else { return Some(quote!(#value)) };
    let name = word.to_string();
    let known = INITIALIZERS.into_iter().map(|(known, _)| known);
    let Some((_, count)) = INITIALIZERS.into_iter().find(|(known, _)| *known == name) else {
        if let Some(known) = nearest(&name, known) {
            errors.push(word.span(), format!("there is no initialiser `{name}`"), format!("write `{known}`"));
            return None;
        }
        // One of the user's own.
        return Some(quote!(#value));
    };
    if arguments.len() != count {
        let form = match count {
            0 => format!("`{name}`"),
            1 => format!("`{name}(0.1)`"),
            _ if name == "Gain" => "`Gain(2.0, XavierUniform)`".into(),
            _ => format!("`{name}(-0.1, 0.1)`"),
        };
        let s = if count == 1 { "" } else { "s" };
        errors.push(At::all(value), format!("`{name}` takes {count} number{s}, not {}", arguments.len()), format!("write such as {form}"));
        return None;
    }
    if name == "Gain" {
        let factor = arguments.first()?;
        let inner = initializer_value(arguments.get(1)?, krate, errors)?;
        return Some(quote!(#krate::init::Gain(#factor, #inner)));
    }
    Some(quote!(#krate::init::#value))
}
