//! The scoped `use` that keeps generated lines short: only what a scope mentions.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use std::collections::HashSet;

/// Everything that a scope may import, by its short name; names of generated types keep clear of these.
pub(crate) const NAMES: &[&str] = &[
    "offset_of",
    "size_of",
    "None",
    "Option",
    "Some",
    "f32",
    "f64",
    "str",
    "u64",
    "usize",
    "fmt",
    "activation",
    "init",
    "layer",
    "plain",
    "Activation",
    "Bernoulli",
    "Buffer",
    "Entry",
    "Initializer",
    "Item",
    "Kind",
    "Layer",
    "Learning",
    "Learns",
    "LogProbabilities",
    "Network",
    "OnlyPredicts",
    "Pass",
    "Plain",
    "Probabilities",
    "Real",
    "Row",
    "Scratch",
    "Shape",
    "Simd",
    "Spec",
    "Store",
    "Stream",
    "Summary",
    "Tensor",
];

/// The `use` declarations for what `code` mentions.
pub(super) fn imports(krate: &TokenStream, code: &TokenStream) -> TokenStream {
    let mut words = HashSet::new();
    collect(code.clone(), &mut words);
    // Traits whose methods are called.
    for (word, name) in [("activation", "Activation"), ("batch", "Buffer"), ("batch_mut", "Buffer"), ("ZEROED", "Plain")] {
        if words.contains(word) {
            words.insert(name.into());
        }
    }
    let pick =
        |names: &[&str]| -> Vec<_> { names.iter().filter(|name| words.contains(**name)).map(|name| format_ident!("{name}")).collect() };
    let mut uses = TokenStream::new();
    let groups: [(TokenStream, Vec<_>); 7] = [
        (quote!(::core), pick(&["fmt"])),
        (quote!(::core::mem), pick(&["offset_of", "size_of"])),
        (quote!(::core::option::Option), option(pick(&["Option", "None", "Some"]))),
        (quote!(::core::primitive), pick(&["f32", "f64", "str", "u64", "usize"])),
        (quote!(#krate::init), pick(&["Initializer"])),
        (quote!(#krate::random), pick(&["Stream"])),
        (quote!(#krate::spec), pick(&["Entry", "Row"])),
    ];
    for (path, names) in &groups {
        uses.extend(declaration(path, names));
    }
    let own = pick(&[
        "activation",
        "init",
        "layer",
        "plain",
        "Activation",
        "Bernoulli",
        "Buffer",
        "Layer",
        "Learning",
        "Learns",
        "LogProbabilities",
        "Network",
        "OnlyPredicts",
        "Pass",
        "Plain",
        "Probabilities",
        "Real",
        "Scratch",
        "Shape",
        "Simd",
        "Spec",
        "Store",
        "Summary",
        "Tensor",
    ]);
    uses.extend(declaration(krate, &own));
    uses
}

/// `self` for the type itself beside its variants.
fn option(names: Vec<proc_macro2::Ident>) -> Vec<proc_macro2::Ident> {
    names.into_iter().map(|name| if name == "Option" { format_ident!("self") } else { name }).collect()
}

fn declaration(path: &TokenStream, names: &[proc_macro2::Ident]) -> TokenStream {
    match names {
        [] => TokenStream::new(),
        [name] if name == "self" => quote!(use #path;),
        [name] => quote!(use #path::#name;),
        names => quote!(use #path::{#(#names),*};),
    }
}

fn collect(code: TokenStream, words: &mut HashSet<String>) {
    for tree in code {
        match tree {
            TokenTree::Ident(word) => {
                words.insert(word.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Whether `code` mentions `name`.
pub(super) fn mentions(code: &TokenStream, name: &str) -> bool {
    code.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(word) => word == name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
