//! All errors in one go: every stage pushes, one place stops.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// What an error underlines: one token, or the first to the last of several.
#[derive(Clone, Copy)]
pub(crate) struct At {
    pub first: Span,
    pub last: Span,
}

impl At {
    /// All of `tokens`.
    pub(crate) fn all(tokens: impl ToTokens) -> Self {
        let tokens: Vec<_> = tokens.into_token_stream().into_iter().collect();
        let first = tokens.first().map_or_else(Span::call_site, TokenTree::span);
        Self { first, last: tokens.last().map_or(first, TokenTree::span) }
    }
}

impl From<Span> for At {
    fn from(span: Span) -> Self {
        Self { first: span, last: span }
    }
}

/// The fault, then its mending.
pub(crate) fn error(at: impl Into<At>, fault: impl AsRef<str>, help: impl AsRef<str>) -> syn::Error {
    let At { first, last } = at.into();
    let range = [Ident::new("first", first), Ident::new("last", last)];
    syn::Error::new_spanned(quote!(#(#range)*), format!("{}\nhelp: {}", fault.as_ref(), help.as_ref()))
}

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// A mistake and its mending, at the smallest wrong token.
    pub(crate) fn push(&mut self, at: impl Into<At>, fault: impl AsRef<str>, help: impl AsRef<str>) {
        self.push_syn(error(at, fault, help));
    }

    /// A mistake that Rust's own parser found.
    pub(crate) fn push_syn(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// One `compile_error!` a mistake.
    pub(crate) fn to_compile_errors(&self) -> Option<TokenStream> {
        self.0.as_ref().map(syn::Error::to_compile_error)
    }

    /// The messages, for tests.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.iter().flat_map(|all| all.into_iter().map(|error| error.to_string())).collect()
    }
}

/// The word among `known` that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase().replace('_', "");
    let allowed = match lower.len() {
        0..=2 => 0,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    known
        .into_iter()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase().replace('_', "")), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Damerau and Levenshtein's distance: insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                table[i][j] = i + j;
                continue;
            }
            let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = best;
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_find_their_word() {
        let known = ["Dense", "Conv2d", "Conv1d", "Flatten", "LeakyRelu"];
        assert_eq!(nearest("Dnese", known), Some("Dense"));
        assert_eq!(nearest("conv2D", known), Some("Conv2d"));
        assert_eq!(nearest("Leaky_ReLU", known), Some("LeakyRelu"));
        assert_eq!(nearest("Encoder", known), None);
    }
}
