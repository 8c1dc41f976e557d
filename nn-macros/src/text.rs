//! Tokens as a person would write them, for messages and summaries.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// `2 * HIDDEN`, `my::Scale<32>`, `(3, 5)`.
pub(crate) fn of(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.into_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut previous: Option<TokenTree> = None;
    // A sign rather than a minus.
    let mut sign = false;
    for token in tokens {
        if !sign && previous.as_ref().is_some_and(|previous| parts(previous, &token)) && !text.ends_with(' ') {
            text.push(' ');
        }
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            other => text.push_str(&other.to_string()),
        }
        sign = matches!(&token, TokenTree::Punct(minus) if minus.as_char() == '-')
            && previous.as_ref().is_none_or(|previous| matches!(previous, TokenTree::Punct(_)));
        previous = Some(token);
    }
}

/// Whether a space stands between two neighbours.
fn parts(left: &TokenTree, right: &TokenTree) -> bool {
    match (left, right) {
        (TokenTree::Punct(left), _) if left.spacing() == Spacing::Joint => false,
        (TokenTree::Punct(left), _) => !matches!(left.as_char(), ':' | '<' | '>' | '.' | '!' | '&' | '$'),
        (_, TokenTree::Punct(right)) => !matches!(right.as_char(), ':' | '<' | '>' | '.' | ',' | ';' | '!' | '?'),
        (TokenTree::Ident(_), TokenTree::Group(_)) => false,
        _ => true,
    }
}

/// `44,426`
pub(crate) fn grouped(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", grouped(n / 1000), n % 1000) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn tokens_read_as_written() {
        for (tokens, written) in [
            (quote!(2 * HIDDEN + 1), "2 * HIDDEN + 1"),
            (quote!(my::Scale<32>), "my::Scale<32>"),
            (quote!((3, 5)), "(3, 5)"),
            (quote!(A - -3), "A - -3"),
            (quote!(size_of::<f32>() - 1), "size_of::<f32>() - 1"),
            (quote!(limits::WIDTH), "limits::WIDTH"),
        ] {
            assert_eq!(of(tokens), written);
        }
    }
}
