//! Arithmetic on sizes: with literals the macro computes, with constants it writes const expressions for the compiler to compute.
//! Messages are built from the same parts, so that they hold the same numbers either way.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::{BinOp, Expr, Lit, UnOp};

use crate::model::Dim;

/// A size, or a number computed from sizes. Arithmetic saturates, so that a mistake is reported once and by a message.
#[derive(Clone)]
pub(crate) enum Number {
    Known(usize),
    /// A const expression.
    Expression(TokenStream),
    /// After a mistake.
    Unknown,
}

impl From<usize> for Number {
    fn from(n: usize) -> Self {
        Self::Known(n)
    }
}

impl From<&Dim> for Number {
    fn from(dim: &Dim) -> Self {
        match dim {
            Dim::Known(n) => Self::Known(*n),
            Dim::Constant(name) => Self::Expression(name.to_token_stream()),
            // Arithmetic on parameters is refused before it is tried.
            Dim::Parameter(_) | Dim::Unknown => Self::Unknown,
        }
    }
}

impl Number {
    fn combine(&self, other: &Self, krate: &TokenStream, name: &str, known: impl Fn(usize, usize) -> usize) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Known(a), Self::Known(b)) => Self::Known(known(*a, *b)),
            (a, b) => {
                let name = quote::format_ident!("{name}");
                let (a, b) = (a.tokens(), b.tokens());
                Self::Expression(quote!(#krate::shape::#name(#a, #b)))
            }
        }
    }

    pub(crate) fn add(&self, other: &Self, krate: &TokenStream) -> Self {
        match (self, other) {
            (Self::Known(0), n) | (n, Self::Known(0)) => n.clone(),
            _ => self.combine(other, krate, "add", usize::saturating_add),
        }
    }

    pub(crate) fn sub(&self, other: &Self, krate: &TokenStream) -> Self {
        match other {
            Self::Known(0) => self.clone(),
            _ => self.combine(other, krate, "sub", usize::saturating_sub),
        }
    }

    pub(crate) fn mul(&self, other: &Self, krate: &TokenStream) -> Self {
        match (self, other) {
            (Self::Known(1), n) | (n, Self::Known(1)) => n.clone(),
            _ => self.combine(other, krate, "mul", usize::saturating_mul),
        }
    }

    /// Rounded down; 0 where the divisor is 0.
    pub(crate) fn div(&self, other: &Self, krate: &TokenStream) -> Self {
        match other {
            Self::Known(1) => self.clone(),
            _ => self.combine(other, krate, "div", |a, b| a.checked_div(b).unwrap_or(0)),
        }
    }

    /// The remainder; 0 where the divisor is 0.
    pub(crate) fn rem(&self, other: &Self, krate: &TokenStream) -> Self {
        match other {
            Self::Known(1) => Self::Known(0),
            _ => self.combine(other, krate, "rem", |a, b| a.checked_rem(b).unwrap_or(0)),
        }
    }

    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Known(n) => Literal::usize_unsuffixed(*n).to_token_stream(),
            Self::Expression(tokens) => tokens.clone(),
            Self::Unknown => quote!(1),
        }
    }
}

/// What must hold.
#[derive(Clone)]
pub(crate) enum Condition {
    Known(bool),
    Expression(TokenStream),
}

impl Condition {
    /// `a == b`; holds where a mistake hides one of them.
    pub(crate) fn equal(a: &Number, b: &Number) -> Self {
        Self::compare(a, b, |a, b| quote!(#a == #b))
    }

    /// `a == b` for sizes, of which none is 0: that is reported elsewhere.
    pub(crate) fn agree(a: &Number, b: &Number, krate: &TokenStream) -> Self {
        Self::compare(a, b, |a, b| quote!(#krate::shape::agree(#a, #b)))
    }

    fn compare(a: &Number, b: &Number, later: impl Fn(TokenStream, TokenStream) -> TokenStream) -> Self {
        match (a, b) {
            (Number::Unknown, _) | (_, Number::Unknown) => Self::Known(true),
            (Number::Known(a), Number::Known(b)) => Self::Known(a == b),
            (a, b) => Self::Expression(later(a.tokens(), b.tokens())),
        }
    }

    /// `a <= b`; holds where a mistake hides one of them.
    pub(crate) fn at_most(a: &Number, b: &Number) -> Self {
        match (a, b) {
            (Number::Unknown, _) | (_, Number::Unknown) => Self::Known(true),
            (Number::Known(a), Number::Known(b)) => Self::Known(a <= b),
            (a, b) => {
                let (a, b) = (a.tokens(), b.tokens());
                Self::Expression(quote!(#a <= #b))
            }
        }
    }

    pub(crate) fn tokens(self) -> TokenStream {
        match self {
            Self::Known(known) => quote!(#known),
            Self::Expression(tokens) => tokens,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(true), condition) | (condition, Self::Known(true)) => condition,
            (Self::Known(false), _) | (_, Self::Known(false)) => Self::Known(false),
            (Self::Expression(a), Self::Expression(b)) => Self::Expression(quote!(#a && #b)),
        }
    }

    /// `self`, or not `doubt`: holds where an earlier mistake is reported already.
    pub(crate) fn unless_not(self, doubt: &TokenStream) -> Self {
        match self {
            Self::Known(true) => self,
            Self::Known(false) => Self::Expression(quote!(!(#doubt))),
            Self::Expression(condition) => Self::Expression(quote!(!(#doubt) || #condition)),
        }
    }
}

/// A message with numbers that only the compiler may know.
#[derive(Clone, Default)]
pub(crate) struct Message(Vec<Part>);

#[derive(Clone)]
enum Part {
    Text(String),
    Number(Number),
    Sizes(Vec<Number>),
}

impl Message {
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    pub(crate) fn number(mut self, number: &Number) -> Self {
        self.0.push(Part::Number(number.clone()));
        self
    }

    /// `[16, 4, 4]`
    pub(crate) fn sizes(mut self, sizes: impl IntoIterator<Item = Number>) -> Self {
        self.0.push(Part::Sizes(sizes.into_iter().collect()));
        self
    }

    /// `5` for one axis, `5 × 3` for two.
    pub(crate) fn axes(self, numbers: &[Number]) -> Self {
        match numbers {
            [one] => self.number(one),
            [a, b] => self.number(a).text(" × ").number(b),
            numbers => self.sizes(numbers.iter().cloned()),
        }
    }

    /// As [`Message::axes`], with one number where both are equal.
    pub(crate) fn least(self, numbers: &[Number]) -> Self {
        match numbers {
            [Number::Known(a), Number::Known(b)] if a == b => self.number(&numbers[0]),
            numbers => self.axes(numbers),
        }
    }

    pub(crate) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The text, where the macro knows every number.
    pub(crate) fn known(&self) -> Option<String> {
        let show = |number: &Number| match number {
            Number::Known(n) => Some(n.to_string()),
            Number::Expression(_) => None,
            Number::Unknown => Some("?".into()),
        };
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.clone()),
                Part::Number(number) => show(number),
                Part::Sizes(sizes) => Some(format!("[{}]", sizes.iter().map(show).collect::<Option<Vec<_>>>()?.join(", "))),
            })
            .collect()
    }

    /// The text, by the compiler.
    pub(crate) fn tokens(&self, krate: &TokenStream) -> TokenStream {
        let mut tokens = quote!(#krate::shape::Message::new());
        for part in &self.0 {
            tokens.extend(match part {
                Part::Text(text) => quote!(.text(#text)),
                Part::Number(number) => {
                    let number = number.tokens();
                    quote!(.number(#number))
                }
                Part::Sizes(sizes) => {
                    let sizes = sizes.iter().map(Number::tokens);
                    quote!(.sizes(&[#(#sizes),*]))
                }
            });
        }
        tokens
    }
}

/// What an expression of literals alone amounts to.
pub(crate) enum Folded {
    Number(i128),
    /// Beyond what a size can be.
    Overflow,
    /// It has a constant or a call in it.
    NotLiteral,
    /// A literal that is no whole number.
    NoNumber,
}

/// Computes an expression of literals.
pub(crate) fn fold(expression: &Expr) -> Folded {
    use Folded::{NoNumber, NotLiteral, Number, Overflow};
    match expression {
        Expr::Paren(inner) => fold(&inner.expr),
        Expr::Group(inner) => fold(&inner.expr),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) if matches!(int.suffix(), "" | "usize") => match int.base10_parse::<usize>() {
                Ok(n) => Number(n as i128),
                Err(_) => Overflow,
            },
            _ => NoNumber,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match fold(&unary.expr) {
            Number(n) => Number(-n),
            other => other,
        },
        Expr::Binary(binary) => match (fold(&binary.left), fold(&binary.right)) {
            (NoNumber, _) | (_, NoNumber) => NoNumber,
            (NotLiteral, _) | (_, NotLiteral) => NotLiteral,
            (Overflow, _) | (_, Overflow) => Overflow,
            (Number(a), Number(b)) => {
                let value = match binary.op {
                    BinOp::Add(_) => a.checked_add(b),
                    BinOp::Sub(_) => a.checked_sub(b),
                    BinOp::Mul(_) => a.checked_mul(b),
                    BinOp::Div(_) => a.checked_div(b),
                    BinOp::Rem(_) => a.checked_rem(b),
                    BinOp::Shl(_) => u32::try_from(b).ok().filter(|b| *b < 64).and_then(|b| a.checked_mul(1 << b)),
                    BinOp::Shr(_) => u32::try_from(b).ok().filter(|b| *b < 64).map(|b| a >> b),
                    _ => return NotLiteral,
                };
                value.map_or(Overflow, |n| if usize::try_from(n.unsigned_abs()).is_ok() { Number(n) } else { Overflow })
            }
        },
        _ => NotLiteral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn literals_are_computed() {
        let value = |expression: Expr| match fold(&expression) {
            Folded::Number(n) => Some(n),
            _ => None,
        };
        assert_eq!(value(parse_quote!(2 * (3 + 4) - 1)), Some(13));
        assert_eq!(value(parse_quote!(-3)), Some(-3));
        assert_eq!(value(parse_quote!((1 << 10) + (12 >> 2))), Some(1027));
        assert_eq!(value(parse_quote!(2 * HIDDEN)), None);
        assert!(matches!(fold(&parse_quote!(18446744073709551615 * 2)), Folded::Overflow));
        assert!(matches!(fold(&parse_quote!(1.5)), Folded::NoNumber));
    }

    #[test]
    fn messages_hold_numbers_now_or_later() {
        let krate = quote!(::nn_core);
        let later = Number::Expression(quote!(HIDDEN));
        let message = Message::default().text("gives ").sizes([Number::Known(3), Number::Known(4)]);
        assert_eq!(message.known().as_deref(), Some("gives [3, 4]"));
        assert_eq!(message.number(&later).known(), None);
        assert_eq!(later.mul(&Number::Known(1), &krate).tokens().to_string(), "HIDDEN");
    }
}
