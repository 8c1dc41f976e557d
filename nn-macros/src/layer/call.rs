//! A layer as the user called it: the values of its arguments, and what its shape rule requires; each mistake is reported where it stands.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Lit};

use super::{Rule, literal};
use crate::ast::Item;
use crate::error::At;
use crate::model::{Dim, Shape};
use crate::shape::{Convention, Walk};
use crate::size::{Condition, Message, Number};
use crate::text;

/// One layer of the user's, while its shape is computed.
pub(crate) struct Call<'a, 'w> {
    pub walk: &'a mut Walk<'w>,
    pub item: &'a Item,
    pub rule: &'static Rule,
    /// `None` where a mistake hides it.
    pub input: Option<Shape>,
    /// `fc1: Dense(120)`
    pub label: String,
    /// The layer's word.
    pub span: Span,
    pub(super) first: Option<&'a Expr>,
    pub(super) given: Vec<(&'static str, &'a Expr)>,
    /// Whether the arguments cannot be trusted.
    pub broken: bool,
    /// Whether not even the output's rank can be known after a mistake.
    pub lost: bool,
}

impl<'a, 'w> Call<'a, 'w> {
    pub(crate) fn new(walk: &'a mut Walk<'w>, item: &'a Item, rule: &'static Rule, input: Option<Shape>) -> Self {
        let mut call = Call {
            walk,
            item,
            rule,
            input,
            label: item.label(),
            span: item.span(),
            first: None,
            given: Vec::new(),
            broken: false,
            lost: false,
        };
        call.read_arguments();
        call
    }

    pub(crate) fn value(&self, keyword: &str) -> Option<&'a Expr> {
        self.given.iter().find(|(given, _)| *given == keyword).map(|(_, value)| *value)
    }

    /// A size as it is written.
    fn dim(&mut self, value: &Expr, least: usize) -> Dim {
        self.walk.size(value, least, &format!("`{}`", self.label))
    }

    /// The argument that stands first; unknown where it is missing.
    pub(crate) fn first(&mut self) -> Dim {
        self.first.map_or(Dim::Unknown, |value| self.dim(value, 1))
    }

    /// The argument that stands first, where it is given.
    pub(crate) fn optional_first(&mut self) -> Option<Dim> {
        self.first.map(|value| self.dim(value, 1))
    }

    /// What stands first, as written.
    pub(crate) fn first_value(&self) -> Option<&'a Expr> {
        self.first
    }

    /// A number, where it is given.
    pub(crate) fn size(&mut self, keyword: &str, least: usize) -> Option<Dim> {
        self.value(keyword).map(|value| self.dim(value, least))
    }

    /// One number for both axes, or a pair `(height, width)`; in one dimension a number.
    fn sizes(&mut self, value: &'a Expr, least: usize, axes: usize) -> Vec<Dim> {
        match value {
            Expr::Tuple(tuple) if axes == 2 && tuple.elems.len() == 2 => tuple.elems.iter().map(|value| self.dim(value, least)).collect(),
            Expr::Array(array) if axes == 2 && array.elems.len() == 2 => {
                let written: Vec<String> = array.elems.iter().map(text::of).collect();
                self.walk.errors.push(
                    At::all(array),
                    "a pair of numbers stands in parentheses",
                    format!("write `({})`", written.join(", ")),
                );
                array.elems.iter().map(|value| self.dim(value, least)).collect()
            }
            Expr::Tuple(tuple) => {
                let (fault, help) = if axes == 2 {
                    (
                        format!("this has {} numbers, but there are two axes", tuple.elems.len()),
                        "write one number for both, or `(height, width)`",
                    )
                } else {
                    (format!("`{}` has one axis", self.rule.word), "write one number")
                };
                self.walk.errors.push(At::all(value), fault, help);
                vec![Dim::Unknown; axes]
            }
            value => vec![self.dim(value, least); axes],
        }
    }

    /// The numbers of an argument by keyword, where it is given.
    pub(crate) fn axes(&mut self, keyword: &str, least: usize, axes: usize) -> Option<Vec<Dim>> {
        let value = self.value(keyword)?;
        Some(self.sizes(value, least, axes))
    }

    /// The numbers of the argument that stands first.
    pub(crate) fn first_axes(&mut self, axes: usize) -> Vec<Dim> {
        match self.first {
            Some(value) => self.sizes(value, 1, axes),
            None => vec![Dim::Unknown; axes],
        }
    }

    /// `bias = false`; `true` where it is not given.
    pub(crate) fn flag(&mut self, keyword: &str) -> bool {
        self.flag_or(keyword, true)
    }

    /// `true` or `false`; `default` where it is not given.
    pub(crate) fn flag_or(&mut self, keyword: &str, default: bool) -> bool {
        match self.value(keyword) {
            None => default,
            Some(Expr::Lit(literal)) if matches!(literal.lit, Lit::Bool(_)) => {
                let Lit::Bool(flag) = &literal.lit else { return default };
                flag.value
            }
            Some(value) => {
                self.walk.errors.push(
                    At::all(value),
                    format!("`{keyword}` is `true` or `false`, not `{}`", text::of(value)),
                    format!("write `{keyword} = {}`, or leave it out", !default),
                );
                default
            }
        }
    }

    /// One of the `words` that an argument by keyword may be; `None` where something else is given, or nothing.
    pub(crate) fn word(&self, keyword: &str, words: &[&'static str]) -> Option<&'static str> {
        let Some(Expr::Path(path)) = self.value(keyword) else { return None };
        let word = path.path.get_ident()?;
        words.iter().copied().find(|known| word == *known)
    }

    /// A number such as `epsilon = 1e-3`, as the bits of an `f64` in a const argument; `None` where it is not given.
    pub(crate) fn bits(&mut self, keyword: &str, range: (f64, f64), what: &str) -> Option<TokenStream> {
        let value = self.value(keyword)?;
        Some(match literal(value) {
            Some(number) if range.0 <= number && number <= range.1 => {
                let bits = proc_macro2::Literal::u64_unsuffixed(number.to_bits());
                quote!(#bits)
            }
            Some(_) => {
                let fault = format!("`{keyword}` of `{}` is {what}, not {}", self.rule.word, text::of(value));
                self.walk.errors.push(At::all(value), fault, self.such_as(keyword));
                quote!(0)
            }
            None if matches!(value, Expr::Lit(_)) => {
                let help = self.such_as(keyword);
                self.walk.errors.push(At::all(value), format!("`{keyword}` of `{}` is a number", self.rule.word), help);
                quote!(0)
            }
            None => {
                let (least, most) = range;
                let message = format!("`{keyword}` of `{}` is {what}\nhelp: {}", self.label, self.such_as(keyword));
                let at = At::all(value).first;
                let bits = quote!(::core::primitive::f64::to_bits(#value));
                let name = self.walk.constant(keyword, quote!(u64), bits);
                let given = quote!(::core::primitive::f64::from_bits(#name));
                let condition = quote!(#least <= #given && #given <= #most, #message);
                self.walk.assertions.push(quote_spanned!(at=> const _: () = ::core::assert!(#condition);));
                quote!(#name)
            }
        })
    }

    /// How a number by keyword is written.
    fn such_as(&self, keyword: &str) -> String {
        let example = self.rule.example;
        if example.contains(keyword) { format!("write such as `{example}`") } else { format!("write such as `{keyword} = 1.0`") }
    }

    /// The input as a vector; the help says how to get one.
    pub(crate) fn vector(&mut self) -> Option<Dim> {
        let input = self.input.clone()?;
        match input.0.as_slice() {
            [n] => Some(n.clone()),
            sizes => {
                let length = self.walk.product(sizes, None);
                let shown = self.walk.sizes(&input);
                let of_steps = self.walk.convention == Some(Convention::Steps) && sizes.len() == 2;
                let steps = "put `Last`, the last step, or `GlobalAvgPool`, their mean, before it; or `Flatten`";
                let mut help = Message::default().text(if of_steps { steps } else { "put `Flatten` before it" });
                if let Some(length) = length.as_ref().filter(|length| !matches!(length, Dim::Unknown | Dim::Parameter(_))) {
                    help = help.text(": ").then(shown.clone()).text(" becomes ").sizes([Number::from(length)]);
                }
                let fault = Message::default().text(format!("`{}` takes a vector, but {} ", self.label, self.walk.source)).then(shown);
                self.walk.require(self.span, Condition::Known(false), fault, help);
                let length = length.unwrap_or(Dim::Unknown);
                self.input = Some(Shape(vec![length.clone()]));
                Some(length)
            }
        }
    }

    /// The input as channels and `axes` axes.
    pub(crate) fn channels_and_axes(&mut self, axes: usize) -> Vec<Dim> {
        self.reads(Convention::Channels);
        let unknown = vec![Dim::Unknown; axes + 1];
        let Some(input) = self.input.clone() else { return unknown };
        if input.0.len() == axes + 1 {
            return input.0;
        }
        let form = if axes == 1 { "[channels, length]" } else { "[channels, height, width]" };
        let fault =
            Message::default().text(format!("`{}` takes {form}, but {} ", self.label, self.walk.source)).then(self.walk.sizes(&input));
        let (help, fixed) = if input.0.len() == axes {
            let mut sizes = vec![Dim::Known(1)];
            sizes.extend(input.0.clone());
            let fixed = Shape(sizes);
            (Message::default().text("with one channel this is ").then(self.walk.sizes(&fixed)), fixed)
        } else {
            let help = match (axes, input.0.len()) {
                (1, 3) => format!("use `{}` for images", self.rule.word.replace("1d", "2d")),
                (2, 1) => "a vector has no rows and columns; use `Dense`, or leave out the `Flatten` before it".to_string(),
                _ => format!("give it {form}"),
            };
            self.lost = true;
            (Message::default().text(help), Shape(unknown))
        };
        self.walk.require(self.span, Condition::Known(false), fault, help);
        self.input = Some(fixed.clone());
        fixed.0
    }

    /// Reports sizes that are const parameters, where arithmetic on them would be needed. Whether it did.
    pub(crate) fn refuse_parameters<'d>(&mut self, sizes: impl IntoIterator<Item = &'d Dim>, why: &str) -> bool {
        let Some(Dim::Parameter(name)) = sizes.into_iter().find(|size| matches!(size, Dim::Parameter(_))) else { return false };
        self.walk.errors.push(
            self.span,
            format!("`{}` {why} the const parameter `{name}`, which stable Rust cannot compute", self.label),
            format!("use a constant instead of `{name}`: `const {name}: usize = …;`"),
        );
        true
    }

    /// The input as steps of features.
    pub(crate) fn steps_and_features(&mut self) -> (Dim, Dim) {
        self.reads(Convention::Steps);
        match self.input.as_ref().map(|input| input.0.as_slice()) {
            None => (Dim::Unknown, Dim::Unknown),
            Some([steps, features]) => (steps.clone(), features.clone()),
            Some(sizes) => {
                let input = Shape(sizes.to_vec());
                let fault = Message::default()
                    .text(format!("`{}` takes [time, features], but {} ", self.label, self.walk.source))
                    .then(self.walk.sizes(&input));
                let (help, fixed) = match sizes {
                    [n] if self.walk.source.contains("output = Last") => (
                        Message::default().text("leave out its `output = Last`: then there is a state at every step"),
                        (Dim::Unknown, n.clone()),
                    ),
                    [n] => {
                        let series = Message::default().text("a series of so many numbers is ").sizes([n.into(), 1.into()]);
                        (series.text(": steps of one number each"), (n.clone(), Dim::Known(1)))
                    }
                    _ => (
                        Message::default().text("make it a list of steps, or use `Flatten` and `Dense`"),
                        (sizes.first().cloned().unwrap_or(Dim::Unknown), Dim::Unknown),
                    ),
                };
                self.lost = true;
                self.walk.require(self.span, Condition::Known(false), fault, help);
                fixed
            }
        }
    }

    pub(crate) fn require(&mut self, at: impl Into<At>, condition: Condition, fault: Message, help: Message) {
        self.walk.require(at, condition, fault, help);
    }
}
