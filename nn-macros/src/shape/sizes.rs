//! Sizes as they are written, and constants for those that only the compiler can compute.
//!
//! Such constants become items in the user's scope. There they are evaluated, outside the block in which the macro imports its own
//! names, so that nothing of ours can shadow them. Checks on them are item-level assertions with the user's span, which `cargo check`
//! reports.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Expr, Ident, Lit};

use super::Walk;
use crate::ast::Sizes;
use crate::error::At;
use crate::model::{Constant, Dim, Shape};
use crate::size::{Condition, Folded, Message, Number, fold};
use crate::text;

impl Walk<'_> {
    /// A shape that stands in the source.
    pub(super) fn declared(&mut self, sizes: &Sizes, what: &str) -> Shape {
        if sizes.sizes.is_empty() {
            self.errors.push(sizes.span, format!("{what} has no sizes"), "write at least one; a single number is `[1]`");
            return Shape::unknown();
        }
        if sizes.sizes.len() > 6 {
            self.errors.push(sizes.span, format!("{what} has {} sizes, but at most 6 are supported", sizes.sizes.len()), "use fewer axes");
        }
        Shape(sizes.sizes.iter().map(|size| self.size(size, 1, what)).collect())
    }

    /// One size as written: a literal, a constant, a const expression or a parameter.
    pub(crate) fn size(&mut self, value: &Expr, least: usize, of: &str) -> Dim {
        let written = text::of(value);
        match fold(value) {
            Folded::Number(n) => match usize::try_from(n) {
                Ok(n) if n >= least => Dim::Known(n),
                _ => {
                    let kind = if least == 0 { "0 or more" } else { "at least 1" };
                    self.errors.push(
                        At::all(value),
                        format!("a size in {of} is {n}, but sizes are {kind}"),
                        format!("write a number of {kind}"),
                    );
                    Dim::Unknown
                }
            },
            Folded::Overflow => {
                self.errors.push(At::all(value), format!("`{written}` is larger than a `usize` can be"), "use a smaller size");
                Dim::Unknown
            }
            Folded::NoNumber => {
                let help = match value {
                    Expr::Lit(literal) => match &literal.lit {
                        Lit::Str(_) => "write a number, a constant or a const expression".to_string(),
                        Lit::Float(_) => "write a whole number".into(),
                        Lit::Int(int) => format!("write `{}`; sizes are `usize`", int.base10_digits()),
                        _ => "write a number".into(),
                    },
                    _ => "write a whole number".into(),
                };
                self.errors.push(At::all(value), format!("`{written}` is no size"), help);
                Dim::Unknown
            }
            Folded::NotLiteral => self.constant_size(value, &written, least, of),
        }
    }

    pub(super) fn constant_size(&mut self, value: &Expr, written: &str, least: usize, of: &str) -> Dim {
        if let Some(parameter) = self.parameters.iter().find(|parameter| *parameter == written) {
            let parameter = parameter.clone();
            if least > 0 && !self.interned.contains_key(written) {
                self.interned.insert(written.to_string(), parameter.clone());
                let message = format!("the size `{parameter}` of `{}` is 0, but sizes are at least 1", self.network);
                self.parameter_checks.push(quote!(::core::assert!(#parameter >= #least, #message);));
            }
            return Dim::Parameter(parameter);
        }
        if self.mentions_parameter(quote!(#value)) {
            self.errors.push(
                At::all(value),
                format!("`{written}` computes with a const parameter, which stable Rust cannot"),
                "give the result as a const parameter of its own, or use constants",
            );
            return Dim::Unknown;
        }
        if matches!(value, Expr::Tuple(_) | Expr::Array(_) | Expr::Range(_) | Expr::Assign(_) | Expr::Reference(_)) {
            self.errors.push(At::all(value), format!("`{written}` is no size"), "write a number, a constant or a const expression");
            return Dim::Unknown;
        }
        let key = format!("{written} {least}");
        if let Some(name) = self.interned.get(&key) {
            return Dim::Constant(name.clone());
        }
        let name = self.constant(written, quote!(usize), quote!(#value));
        self.interned.insert(key, name.clone());
        self.shown.insert(name.to_string(), written.to_string());
        if least > 0 {
            let condition = Condition::at_most(&least.into(), &Number::from(&Dim::Constant(name.clone())));
            let fault = Message::default().text(format!("a size in {of} is 0, but sizes are at least 1"));
            let help = Message::default().text(format!("give `{written}` another value"));
            let doubts = std::mem::take(&mut self.doubts);
            self.require(At::all(value), condition, fault, help);
            self.doubts = doubts;
        }
        Dim::Constant(name)
    }

    pub(super) fn mentions_parameter(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(ident) => self.parameters.contains(&ident),
            proc_macro2::TokenTree::Group(group) => self.mentions_parameter(group.stream()),
            _ => false,
        })
    }

    /// A new constant item.
    pub(crate) fn constant(&mut self, hint: &str, ty: TokenStream, value: TokenStream) -> Ident {
        let hint: String = hint.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        let hint: Vec<&str> = hint.split('_').filter(|part| !part.is_empty()).collect();
        let base = format!("__{}_{}", upper_snake(&self.network), hint.join("_"));
        let taken = |name: &str| self.constants.iter().any(|constant| constant.name == name);
        let mut name = base.clone();
        let mut i = 1;
        while taken(&name) {
            i += 1;
            name = format!("{base}_{i}");
        }
        let name = format_ident!("{name}");
        self.constants.push(Constant { name: name.clone(), ty, value });
        name
    }

    /// A computed number as a size; an expression becomes a constant.
    pub(crate) fn dim(&mut self, number: Number, hint: &str) -> Dim {
        match number {
            Number::Known(n) => Dim::Known(n),
            Number::Unknown => Dim::Unknown,
            Number::Expression(tokens) => {
                let key = tokens.to_string();
                if let Some(constant) = self.constants.iter().find(|constant| constant.name == key) {
                    return Dim::Constant(constant.name.clone());
                }
                if let Some(name) = self.interned.get(&key) {
                    return Dim::Constant(name.clone());
                }
                let name = self.constant(hint, quote!(usize), tokens);
                self.computed.push(name.clone());
                self.interned.insert(key, name.clone());
                Dim::Constant(name)
            }
        }
    }

    /// How many numbers a shape holds. `at` reports a const parameter that would have to be computed with.
    pub(crate) fn product(&mut self, sizes: &[Dim], at: Option<(Span, &str)>) -> Option<Dim> {
        let others: Vec<&Dim> = sizes.iter().filter(|size| **size != Dim::Known(1)).collect();
        if let [one] = others.as_slice() {
            return Some((*one).clone());
        }
        if let Some(Dim::Parameter(name)) = sizes.iter().find(|size| matches!(size, Dim::Parameter(_))) {
            if let Some((span, label)) = at {
                self.errors.push(
                    span,
                    format!("`{label}` needs arithmetic on the const parameter `{name}`, which stable Rust cannot compute"),
                    format!("use a constant instead of `{name}`: `const {name}: usize = …;`"),
                );
            }
            return None;
        }
        let krate = self.krate.clone();
        let length = sizes.iter().fold(Number::Known(1), |product, size| product.mul(&size.into(), &krate));
        Some(self.dim(length, "length"))
    }

    /// A shape in a message, constants by name.
    pub(crate) fn show(&self, shape: &Shape) -> String {
        let sizes: Vec<String> = shape
            .0
            .iter()
            .map(|size| match size {
                Dim::Known(n) => n.to_string(),
                Dim::Constant(name) => self.shown.get(&name.to_string()).cloned().unwrap_or_else(|| "…".into()),
                Dim::Parameter(name) => name.to_string(),
                Dim::Unknown => "?".into(),
            })
            .collect();
        format!("[{}]", sizes.join(", "))
    }

    /// A shape in a message as one would write it: constants by name, where they have one.
    pub(super) fn named(&self, shape: &Shape) -> Message {
        let shown = self.show(shape);
        if shown.contains('…') { self.sizes(shape) } else { Message::default().text(shown) }
    }

    /// A shape in a message with all its numbers, as far as anyone can know them.
    pub(crate) fn sizes(&self, shape: &Shape) -> Message {
        if shape.0.iter().any(|size| matches!(size, Dim::Parameter(_))) {
            return Message::default().text(self.show(shape));
        }
        Message::default().sizes(shape.0.iter().map(Number::from))
    }
}

/// `LENET5` of `LeNet5`: words of constants.
fn upper_snake(name: &str) -> String {
    let mut snake = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_uppercase() && lower {
            snake.push('_');
        }
        lower = c.is_lowercase();
        snake.extend(c.to_uppercase());
    }
    snake
}
