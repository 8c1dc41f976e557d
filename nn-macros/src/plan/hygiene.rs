//! Keeps the user's words and those of generated code apart.
//!
//! Generated scopes import short names (`Layer`, `Option`, `plain`). Where the user's declaration mentions a word of the same spelling (a
//! network named `Layer`, a path through a module `plain`), the user's is marked until the code is complete, the import gets another name,
//! and then the mark comes off. Most declarations have no such word, and nothing happens.
//!
//! Implementations stand in `const _: () = { … }`, with a `use` of what they mention. Local names are the layers', made unique.
//! `tests/hygiene.rs` holds generated code to that without a prelude and under every lint.

use std::collections::HashSet;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::format_ident;
use syn::Ident;
use syn::ext::IdentExt;

use crate::model::{Branch, Dim, Network, Node, Op, Shape};

/// What generated scopes import, by the path that it stands under; nn-core's paths begin with `nn_core`.
pub(crate) const IMPORTS: &[(&str, &[&str])] = &[
    ("::core", &["fmt"]),
    ("::core::mem", &["offset_of", "size_of"]),
    ("::core::option::Option", &["Option", "None", "Some"]),
    ("::core::primitive", &["bool", "f32", "f64", "str", "u8", "usize"]),
    ("nn_core::init", &["Initializer"]),
    ("nn_core::random", &["Stream"]),
    ("nn_core::spec", &["Entry", "Row"]),
    (
        "nn_core",
        &[
            "Activation",
            "Bernoulli",
            "Buffer",
            "Layer",
            "Learns",
            "LogProbabilities",
            "Network",
            "OnlyPredicts",
            "Pass",
            "Plain",
            "Probabilities",
            "Real",
            "Scratch",
            "Simd",
            "Spec",
            "Store",
            "Summary",
            "activation",
            "init",
            "layer",
            "plain",
        ],
    ),
];

/// The type parameters of generated functions and structs.
const PARAMETERS: [&str; 2] = ["S", "B"];

/// The words that generated scopes give a meaning: generated types keep clear of them, and where the user's words do not, they are changed.
pub(super) fn own_words() -> impl Iterator<Item = &'static str> {
    IMPORTS.iter().flat_map(|(_, names)| *names).copied().chain(PARAMETERS)
}

/// Stands before a word of the user's that generated code uses in another sense.
const MARK: &str = "__user_";

/// The words of the user's that could be meant when generated code says them: names of types and paths.
pub(super) fn user_words(network: &mut Network) -> HashSet<String> {
    let mut words = HashSet::new();
    visit(network, &mut |word| {
        words.insert(word.unraw().to_string());
        word
    });
    words
}

/// Marks the user's words that are among `clashes`.
pub(super) fn mark(network: &mut Network, clashes: &HashSet<String>) {
    if clashes.is_empty() {
        return;
    }
    let mark = |word: Ident| {
        if clashes.contains(&word.unraw().to_string()) { format_ident!("{MARK}{}", word.unraw(), span = word.span()) } else { word }
    };
    visit(network, &mut |word| mark(word));
    mark_fields(&mut network.body, &mark);
}

/// A field keeps its key on disk.
fn mark_fields(nodes: &mut [Node], mark: &dyn Fn(Ident) -> Ident) {
    for node in nodes {
        if let Some(name) = &node.name {
            let key = name.unraw().to_string();
            node.key.get_or_insert(key);
            node.name = Some(mark(name.clone()));
        }
        for inner in bodies(&mut node.op) {
            mark_fields(inner, mark);
        }
    }
}

/// Code with the marks taken off.
pub(crate) fn unmarked(code: TokenStream) -> TokenStream {
    rename(code, &|word| word.to_string().strip_prefix(MARK).map(ident))
}

/// A name without its mark.
pub(crate) fn shown(name: &Ident) -> String {
    let name = name.unraw().to_string();
    name.strip_prefix(MARK).map_or(name.clone(), str::to_owned)
}

/// An identifier of generated code; raw where it is a keyword.
pub(crate) fn ident(name: &str) -> Ident {
    let name = name.trim_start_matches("r#");
    let span = Span::call_site();
    syn::parse_str::<Ident>(name).map_or_else(
        |_| if matches!(name, "self" | "Self" | "super" | "crate" | "_") { format_ident!("{name}_") } else { Ident::new_raw(name, span) },
        |_| Ident::new(name, span),
    )
}

/// Code with other words where `new` has one.
fn rename(code: TokenStream, new: &dyn Fn(&Ident) -> Option<Ident>) -> TokenStream {
    code.into_iter().map(|tree| renamed(tree, new, rename)).collect()
}

/// Code with other words where `new` has one, but for names that are looked up elsewhere: those of paths behind `::`, and of a trait's
/// functions behind `fn`.
pub(crate) fn rename_in_scope(code: TokenStream, new: &dyn Fn(&Ident) -> Option<Ident>) -> TokenStream {
    let mut before = [String::new(), String::new()];
    let rename = |tree: TokenTree| {
        let is_elsewhere = before[1] == "fn" || before == [":", ":"];
        before.swap(0, 1);
        before[1] = if let TokenTree::Group(_) = tree { String::new() } else { tree.to_string() };
        if is_elsewhere && matches!(tree, TokenTree::Ident(_)) { tree } else { renamed(tree, new, rename_in_scope) }
    };
    code.into_iter().map(rename).collect()
}

/// A word by its other one, and a group with what `inside` makes of it.
fn renamed(
    tree: TokenTree,
    new: &dyn Fn(&Ident) -> Option<Ident>,
    inside: fn(TokenStream, &dyn Fn(&Ident) -> Option<Ident>) -> TokenStream,
) -> TokenTree {
    match tree {
        TokenTree::Ident(word) => TokenTree::Ident(match new(&word) {
            Some(mut renamed) => {
                renamed.set_span(word.span());
                renamed
            }
            None => word,
        }),
        TokenTree::Group(group) => {
            let mut renamed = Group::new(group.delimiter(), inside(group.stream(), new));
            renamed.set_span(group.span());
            TokenTree::Group(renamed)
        }
        tree => tree,
    }
}

/// Replaces every word of the user's that stands for a type, a path or a const parameter.
fn visit(network: &mut Network, new: &mut dyn FnMut(Ident) -> Ident) {
    let krate = network.krate.to_string();
    network.name = new(network.name.clone());
    for generic in &mut network.generics {
        generic.ident = new(generic.ident.clone());
    }
    for check in &mut network.parameter_checks {
        *check = visit_tokens(check.clone(), new);
    }
    for shape in [&mut network.input, &mut network.output] {
        visit_shape(shape, new);
    }
    visit_nodes(&mut network.body, &krate, new);
}

fn visit_nodes(nodes: &mut [Node], krate: &str, new: &mut dyn FnMut(Ident) -> Ident) {
    for node in nodes {
        visit_shape(&mut node.input, new);
        visit_shape(&mut node.output, new);
        visit_expression(&mut node.initializer, krate, new);
        match &mut node.op {
            Op::Activation { value, .. } => visit_expression(value, krate, new),
            Op::Dropout { rate } => visit_expression(rate, krate, new),
            Op::Nested { ty, place } => {
                *ty = visit_tokens(ty.clone(), new);
                *place = place.take().map(|place| visit_tokens(place, new));
            }
            Op::Repeat { count, .. } => visit_dim(count, new),
            Op::Concat { branches } => {
                for Branch { input, output, .. } in branches {
                    visit_shape(input, new);
                    visit_shape(output, new);
                }
            }
            Op::Layer(_) | Op::Flatten | Op::Residual { .. } => {}
        }
        for inner in bodies(&mut node.op) {
            visit_nodes(inner, krate, new);
        }
    }
}

/// The layers inside a block.
fn bodies(op: &mut Op) -> Vec<&mut Vec<Node>> {
    match op {
        Op::Residual { main, skip, .. } => [main].into_iter().chain(skip).collect(),
        Op::Concat { branches } => branches.iter_mut().map(|branch| &mut branch.body).collect(),
        Op::Repeat { body, .. } => vec![body],
        _ => vec![],
    }
}

fn visit_shape(shape: &mut Shape, new: &mut dyn FnMut(Ident) -> Ident) {
    for dim in &mut shape.0 {
        visit_dim(dim, new);
    }
}

fn visit_dim(dim: &mut Dim, new: &mut dyn FnMut(Ident) -> Ident) {
    if let Dim::Parameter(name) = dim {
        *name = new(name.clone());
    }
}

/// An expression; the path of one of nn-core's own is not the user's, but its arguments are.
fn visit_expression(expression: &mut TokenStream, krate: &str, new: &mut dyn FnMut(Ident) -> Ident) {
    let is_own = expression.to_string().strip_prefix(krate).is_some_and(|rest| rest.trim_start().starts_with("::"));
    *expression = if is_own {
        let arguments = |tree| match tree {
            TokenTree::Group(_) => visit_tokens(TokenStream::from(tree), new),
            tree => tree.into(),
        };
        expression.clone().into_iter().map(arguments).collect()
    } else {
        visit_tokens(expression.clone(), new)
    };
}

fn visit_tokens(tokens: TokenStream, new: &mut dyn FnMut(Ident) -> Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Ident(word) => TokenTree::Ident(new(word)),
            TokenTree::Group(group) => {
                let mut visited = Group::new(group.delimiter(), visit_tokens(group.stream(), new));
                visited.set_span(group.span());
                TokenTree::Group(visited)
            }
            tree => tree,
        })
        .collect()
}
