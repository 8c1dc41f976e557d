//! `#[budget(flash = 64 KiB, ram = 16 KiB)]`: how many bytes a network may take, read from its tokens.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Expr, LitInt, Meta};

use crate::ast::Declaration;
use crate::error::{At, Errors, nearest};
use crate::size::{Folded, fold};
use crate::text;

/// Units and their bytes. `KB` is how many write `kB`.
const UNITS: [(&str, usize); 6] = [("B", 1), ("kB", 1000), ("KiB", 1024), ("MB", 1_000_000), ("MiB", 1_048_576), ("KB", 1000)];
const KEYWORDS: [&str; 2] = ["flash", "ram"];
const EXAMPLE: &str = "write such as `#[budget(flash = 64 KiB, ram = 16 KiB)]`";

/// What a network may take.
#[derive(Default)]
pub(crate) struct Budget {
    pub flash: Option<Limit>,
    pub ram: Option<Limit>,
}

/// A number of bytes, and where it is written.
pub(crate) struct Limit {
    pub bytes: Bytes,
    pub at: At,
}

pub(crate) enum Bytes {
    Known(usize),
    /// Only the compiler can compute it.
    Expression(TokenStream),
}

/// The budget of a network; reports what is wrong with it.
pub(crate) fn read(declaration: &Declaration, errors: &mut Errors) -> Budget {
    let mut budget = Budget::default();
    let Some(attribute) = declaration.attributes.iter().find(|attribute| attribute.path().is_ident("budget")) else { return budget };
    if let Some(parameter) = declaration.generics.first() {
        errors.push(
            At::all(attribute.path()),
            format!(
                "`#[budget]` needs sizes that are known here, but `{}` has the const parameter `{}`",
                declaration.name, parameter.ident
            ),
            "remove it, or put it on a network that gives the parameters their values",
        );
    }
    let pieces = pieces(attribute);
    if pieces.is_empty() {
        errors.push(At::all(&attribute.meta), "`#[budget]` says how many bytes a network may take", EXAMPLE);
    }
    for piece in pieces {
        let [TokenTree::Ident(keyword), rest @ ..] = piece.as_slice() else {
            errors.push(At::all(piece.iter().cloned().collect::<TokenStream>()), "a budget is of `flash` or of `ram`", EXAMPLE);
            continue;
        };
        let name = keyword.to_string();
        let place = match name.as_str() {
            "flash" => &mut budget.flash,
            "ram" => &mut budget.ram,
            _ => {
                let near = if name.eq_ignore_ascii_case("rom") { Some("flash") } else { nearest(&name, KEYWORDS) };
                let help = near.map_or_else(|| "its parts are `flash` and `ram`".into(), |known| format!("write `{known}`"));
                errors.push(keyword.span(), format!("`#[budget]` has no part `{name}`"), help);
                continue;
            }
        };
        if place.is_some() {
            errors.push(keyword.span(), format!("the budget of `{name}` is given twice"), "keep one");
            continue;
        }
        match rest {
            [TokenTree::Punct(mark), value @ ..] if mark.as_char() == '=' && !value.is_empty() => match limit(value) {
                Ok(limit) => *place = Some(limit),
                Err((at, fault, help)) => errors.push(at, fault, help),
            },
            _ => errors.push(keyword.span(), format!("the value of `{name}` is missing"), format!("write such as `{name} = 64 KiB`")),
        }
    }
    budget
}

/// What stands between the commas.
fn pieces(attribute: &Attribute) -> Vec<Vec<TokenTree>> {
    let Meta::List(list) = &attribute.meta else { return vec![] };
    let mut pieces = vec![vec![]];
    for token in list.tokens.clone() {
        if matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ',') {
            pieces.push(vec![]);
        } else if let Some(last) = pieces.last_mut() {
            last.push(token);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// `64 KiB`, `64KiB`, `65536`, `LIMIT`, `2 * LIMIT` or `LIMIT KiB`.
fn limit(tokens: &[TokenTree]) -> Result<Limit, (At, String, String)> {
    let at = At::all(tokens.iter().cloned().collect::<TokenStream>());
    let (value, unit) = match tokens {
        [value @ .., before, TokenTree::Ident(unit)] if !matches!(before, TokenTree::Punct(_)) => {
            ([value, std::slice::from_ref(before)].concat(), Some((unit.to_string(), At::from(unit.span()))))
        }
        value => (value.to_vec(), None),
    };
    let written: TokenStream = value.iter().cloned().collect();
    let wrong = || {
        let help = "write such as `64 KiB`, `65536` or a constant";
        Err((at, format!("`{}` is no number of bytes", text::of(tokens.iter().cloned().collect::<TokenStream>())), help.to_owned()))
    };
    if let Ok(number) = syn::parse2::<LitInt>(written.clone()) {
        let suffix = (!number.suffix().is_empty()).then(|| (number.suffix().to_owned(), at));
        if let (Some((suffix, _)), Some((second, at))) = (&suffix, &unit) {
            return Err((*at, format!("`{suffix}` is a unit already, and `{second}` another"), "keep one".into()));
        }
        if number.base10_digits().starts_with('-') {
            return wrong();
        }
        let unit = bytes_of(suffix.or(unit))?;
        let bytes = number.base10_digits().parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
        return match bytes {
            Some(bytes) => Ok(Limit { bytes: Bytes::Known(bytes), at }),
            None => Err((at, format!("`{}` is more than a `usize` can count", text::of(written)), "use a smaller number".into())),
        };
    }
    let Ok(expression) = syn::parse2::<Expr>(written) else { return wrong() };
    let unit = bytes_of(unit)?;
    match fold(&expression) {
        Folded::Number(number) => match usize::try_from(number).ok().and_then(|number| number.checked_mul(unit)) {
            Some(bytes) => Ok(Limit { bytes: Bytes::Known(bytes), at }),
            None => wrong(),
        },
        Folded::NotLiteral if matches!(expression, Expr::Path(_) | Expr::Binary(_) | Expr::Call(_) | Expr::Paren(_) | Expr::Block(_)) => {
            let unit = proc_macro2::Literal::usize_unsuffixed(unit);
            Ok(Limit { bytes: Bytes::Expression(quote!((#expression) * #unit)), at })
        }
        _ => wrong(),
    }
}

/// How many bytes a unit is; one without a unit.
fn bytes_of(unit: Option<(String, At)>) -> Result<usize, (At, String, String)> {
    let Some((written, at)) = unit else { return Ok(1) };
    if let Some((_, bytes)) = UNITS.into_iter().find(|(unit, _)| *unit == written) {
        return Ok(bytes);
    }
    let lower = written.to_lowercase();
    let meant = UNITS.into_iter().map(|(unit, _)| unit).find(|unit| {
        let unit = unit.to_lowercase();
        unit == lower || unit.starts_with(&lower) && unit.contains('i')
    });
    let help = meant.map_or_else(|| "the units are `B`, `kB`, `KiB`, `MB` and `MiB`".into(), |unit| format!("write `{unit}`"));
    Err((at, format!("there is no unit `{written}`"), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(tokens: TokenStream) -> Result<usize, String> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        match limit(&tokens) {
            Ok(Limit { bytes: Bytes::Known(bytes), .. }) => Ok(bytes),
            Ok(Limit { bytes: Bytes::Expression(expression), .. }) => Err(text::of(expression)),
            Err((_, fault, help)) => Err(format!("{fault}; {help}")),
        }
    }

    #[test]
    fn units_may_touch_their_number() {
        for (tokens, expected) in [
            (quote!(64 KiB), 65536),
            (quote!(64KiB), 65536),
            (quote!(65_536), 65536),
            (quote!(0x10 KiB), 16384),
            (quote!(2 MB), 2_000_000),
            (quote!(3kB), 3000),
            (quote!(7 B), 7),
            (quote!((2 + 2) KiB), 4096),
        ] {
            assert_eq!(bytes(tokens.clone()), Ok(expected), "{tokens}");
        }
        assert_eq!(bytes(quote!(limits::FLASH KiB)), Err("(limits::FLASH) * 1024".into()));
        for (tokens, said) in [
            (quote!(64 kib), "there is no unit `kib`; write `KiB`"),
            (quote!(64 K), "there is no unit `K`; write `KiB`"),
            (quote!(64 GB), "there is no unit `GB`; the units are `B`, `kB`, `KiB`, `MB` and `MiB`"),
            (quote!(64KiB KiB), "`KiB` is a unit already, and `KiB` another; keep one"),
            (quote!(1.5), "`1.5` is no number of bytes; write such as `64 KiB`, `65536` or a constant"),
            (quote!(18446744073709551615 KiB), "`18446744073709551615` is more than a `usize` can count; use a smaller number"),
        ] {
            assert_eq!(bytes(tokens), Err(said.into()));
        }
    }
}
