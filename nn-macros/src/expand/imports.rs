//! The scoped `use` that keeps generated lines short: only what a scope mentions.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use std::collections::HashSet;

use crate::plan::hygiene;

/// A scope: the code, after the `use` declarations for what it mentions. Words in `clashes` are imported under other names.
pub(super) fn scope(krate: &TokenStream, code: TokenStream, clashes: &HashSet<String>) -> TokenStream {
    let mut words = HashSet::new();
    collect(code.clone(), &mut words);
    // Traits whose methods are called.
    for (word, name) in [("activation", "Activation"), ("batch", "Buffer"), ("batch_mut", "Buffer"), ("ZEROED", "Plain")] {
        if words.contains(word) {
            words.insert(name.into());
        }
    }
    let other_name = |name: &str| {
        clashes.contains(name).then(|| format_ident!("{}{name}", if name.starts_with(char::is_lowercase) { "nn_" } else { "Nn" }))
    };
    let pick = |names: &[&str]| -> Vec<TokenStream> {
        let names = names.iter().filter(|name| words.contains(**name));
        let import = |name: &&str| {
            let ident = if *name == "Option" { quote!(self) } else { format_ident!("{name}").into_token_stream() };
            other_name(name).map_or_else(|| ident.clone(), |other| quote!(#ident as #other))
        };
        names.map(import).collect()
    };
    let groups = [
        (quote!(::core), pick(&["fmt"])),
        (quote!(::core::mem), pick(&["offset_of", "size_of"])),
        (quote!(::core::option::Option), pick(&["Option", "None", "Some"])),
        (quote!(::core::primitive), pick(&["bool", "f32", "f64", "str", "u8", "usize"])),
        (quote!(#krate::init), pick(&["Initializer"])),
        (quote!(#krate::random), pick(&["Stream"])),
        (quote!(#krate::spec), pick(&["Entry", "Row"])),
        (
            krate.clone(),
            pick(&[
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
            ]),
        ),
    ];
    let uses: TokenStream = groups.iter().map(|(path, names)| declaration(path, names)).collect();
    let code = if clashes.is_empty() { code } else { hygiene::rename(code, &|word| other_name(&word.to_string())) };
    quote! {
        const _: () = {
            #uses
            #code
        };
    }
}

fn declaration(path: &TokenStream, names: &[TokenStream]) -> TokenStream {
    match names {
        [] => TokenStream::new(),
        [name] if name.to_string() == "self" => quote!(use #path;),
        [name] if !name.to_string().starts_with("self") => quote!(use #path::#name;),
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
