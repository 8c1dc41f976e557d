//! What must agree: mistakes that the macro sees are errors, those behind constants are assertions with the same words.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote_spanned;
use syn::Ident;

use super::Walk;
use crate::activation;
use crate::ast::{Argument, Declaration, Item, Sizes, What};
use crate::error::At;
use crate::model::{Dim, Node, Op, Shape};
use crate::size::{Condition, Message};

impl Walk<'_> {
    /// A stated shape that differs.
    pub(super) fn check_stated(&mut self, item: &Item, sizes: &Sizes, computed: &Shape, stated: &Shape) {
        let label = item.label();
        let fault = |_: &Self, a: Message, b: Message| {
            Message::default().text(format!("`{label}` gives ")).then(a).text(", but the shape stated here is ").then(b)
        };
        let help = Message::default().text("write `-> ").then(self.named(computed)).text("`, or change the layer");
        self.require_equal(sizes.span, computed, stated, fault, help);
    }

    /// The declared output that the last layer does not give; what keeps its input's shape is not at fault.
    pub(super) fn check_output(&mut self, declaration: &Declaration, last: &Shape, declared: &Shape) {
        let Some(item) = declaration.body.iter().rev().find(|item| !keeps_shape(item)).or(declaration.body.last()) else { return };
        let name = &declaration.name;
        let label = item.label();
        let fault = |_: &Self, a: Message, b: Message| {
            Message::default()
                .text(format!("`{label}` gives "))
                .then(a)
                .text(format!(" at the end, but `{name}` declares the output "))
                .then(b)
        };
        let mut at = At::from(item.span());
        let alone = |shape: &Shape| self.show(shape).trim_matches(['[', ']']).to_string();
        let help = match (&item.what, last.0.as_slice(), declared.0.as_slice()) {
            (What::Word { word, arguments: Some(arguments), .. }, [_], [_]) if word == "Dense" => {
                if let Some(Some(value)) = arguments.list.first().map(|first| &first.value) {
                    at = At::all(value);
                }
                format!("write `Dense({})`", alone(declared))
            }
            (What::Word { word, .. }, [_, units], [wanted])
                if ["Rnn", "Gru", "Lstm"].iter().any(|known| word == known) && units == wanted =>
            {
                "write `output = Last` for the last state alone".into()
            }
            (_, [_, _, ..], [_]) => format!("end with `Flatten` and `Dense({})`", alone(declared)),
            _ => "change this layer".into(),
        };
        let help = Message::default().text(format!("{help}, or declare `-> ")).then(self.named(last)).text("`");
        self.require_equal(at, last, declared, fault, help);
    }

    /// Whether the numbers fit into memory's addresses.
    pub(super) fn check_length(&mut self, at: impl Into<At>, what: &str, shape: &Shape) -> bool {
        let at = at.into();
        let length = shape.0.iter().try_fold(1_usize, |product, size| match size {
            Dim::Known(n) => product.checked_mul(*n),
            _ => Some(product),
        });
        let fits = length.is_some_and(|length| length <= isize::MAX as usize / 8);
        if !fits {
            let shown = self.show(shape);
            self.errors.push(at, format!("{what} {shown}, more numbers than a machine can address"), "use smaller sizes");
        }
        if length.is_some_and(|length| length > MOST) && fits {
            let shown = self.show(shape);
            self.errors.push(at, format!("{what} {shown}, more numbers than the compiler can lay out"), "use smaller sizes");
            return false;
        }
        fits
    }

    /// Whether the compiler can lay out the parameters of a layer, or of all repetitions of layers.
    pub(super) fn check_parameters(&mut self, item: &Item, node: &Node) {
        let count = match &node.op {
            Op::Layer(_) => parameters(node),
            Op::Repeat { body, .. } if body.iter().map(parameters).fold(0, u128::saturating_add) <= MOST as u128 => parameters(node),
            _ => return,
        };
        if count > MOST as u128 {
            let fault = format!("`{}` has {count} parameters, more than the compiler can lay out", item.label());
            self.errors.push(first_size(item), fault, "use smaller sizes, here or in the layer before");
        }
    }

    /// Reports two shapes that differ; sizes that only the compiler knows are compared by an assertion.
    pub(super) fn require_equal(
        &mut self,
        at: impl Into<At>,
        a: &Shape,
        b: &Shape,
        fault: impl Fn(&Self, Message, Message) -> Message,
        help: Message,
    ) {
        let message = fault(self, self.sizes(a), self.sizes(b));
        if a.0.len() != b.0.len() {
            self.require(at, Condition::Known(false), message, help);
            return;
        }
        let mut holds = Condition::Known(true);
        let mut same = Vec::new();
        for (a, b) in a.0.iter().zip(&b.0) {
            match (a, b) {
                (a, b) if a == b => {}
                (Dim::Unknown, _) | (_, Dim::Unknown) => {}
                (Dim::Parameter(_), _) | (_, Dim::Parameter(_)) => holds = holds.and(Condition::Known(false)),
                (a, b) => {
                    holds = holds.and(Condition::agree(&a.into(), &b.into(), &self.krate));
                    match (a, b) {
                        (Dim::Constant(name), other) | (other, Dim::Constant(name)) => same.push((name.clone(), other.clone())),
                        _ => {}
                    }
                }
            }
        }
        if !matches!(holds, Condition::Known(false)) {
            for (name, other) in same {
                self.unify(&name, &other);
            }
        }
        self.require(at, holds, message, help);
    }

    /// From here on `name` and `other` are one size.
    pub(super) fn unify(&mut self, name: &Ident, other: &Dim) {
        let a = self.settled(&Dim::Constant(name.clone()));
        let b = self.settled(other);
        match (a, b) {
            (a, b) if a == b => {}
            (Dim::Constant(a), b) => self.equal.push((a, b)),
            (a, Dim::Constant(b)) => self.equal.push((b, a)),
            _ => {}
        }
    }

    pub(super) fn settled(&self, size: &Dim) -> Dim {
        let mut size = size.clone();
        while let Dim::Constant(name) = &size {
            match self.equal.iter().find(|(equal, _)| equal == name) {
                Some((_, other)) => size = other.clone(),
                None => break,
            }
        }
        size
    }

    pub(super) fn settle(&self, shape: &mut Shape) {
        for size in &mut shape.0 {
            *size = self.settled(size);
        }
    }

    pub(super) fn settle_node(&self, node: &mut Node) {
        self.settle(&mut node.input);
        self.settle(&mut node.output);
        match &mut node.op {
            Op::Residual { main, skip, .. } => main.iter_mut().chain(skip.iter_mut().flatten()).for_each(|node| self.settle_node(node)),
            Op::Concat { branches } => {
                for branch in branches {
                    self.settle(&mut branch.input);
                    self.settle(&mut branch.output);
                    branch.body.iter_mut().for_each(|node| self.settle_node(node));
                }
            }
            Op::Repeat { count, body } => {
                *count = self.settled(count);
                for node in body {
                    self.settle_node(node);
                }
            }
            Op::Layer(_) | Op::Activation { .. } | Op::Dropout { .. } | Op::Flatten | Op::Nested { .. } => {}
        }
    }

    /// Reports what does not hold: here where the macro knows all numbers, else by an assertion at the same token.
    pub(crate) fn require(&mut self, at: impl Into<At>, condition: Condition, fault: Message, help: Message) {
        let at = at.into();
        let message = fault.text("\nhelp: ").then(help);
        match (condition, message.known()) {
            (Condition::Known(true), _) => {}
            (Condition::Known(false), Some(text)) => {
                let (fault, help) = text.split_once("\nhelp: ").unwrap_or((&text, ""));
                self.errors.push(at, fault, help);
            }
            (condition, _) => {
                self.broken |= matches!(condition, Condition::Known(false));
                let condition = self.doubts.iter().fold(condition, Condition::unless_not);
                let condition = condition.tokens();
                let message = message.tokens(&self.krate);
                self.assertions.push(assertion(at, &quote_spanned!(at.first=> #condition, "{}", #message.as_str())));
            }
        }
    }
}

/// Whether what goes in comes out in the same shape, whatever it is.
pub(super) fn keeps_shape(item: &Item) -> bool {
    let What::Word { word, .. } = &item.what else { return false };
    activation::find(&word.to_string()).is_some() || word == "Dropout" || word == "BatchNorm" || word == "LayerNorm"
}

/// `const _: () = ::core::assert!(…);`, which underlines `at`.
pub(super) fn assertion(at: At, arguments: &TokenStream) -> TokenStream {
    let mut group = Group::new(Delimiter::Parenthesis, arguments.clone());
    group.set_span(at.last);
    quote_spanned!(at.first=> const _: () = ::core::assert! #group;)
}

/// Numbers of a network are laid out while compiling, which takes the compiler's memory and time: 1 GiB of `f32`.
pub(super) const MOST: usize = 1 << 28;

/// The number that a layer's size begins with, else its word.
pub(super) fn first_size(item: &Item) -> At {
    let What::Word { arguments: Some(arguments), .. } = &item.what else { return item.span().into() };
    match arguments.list.first() {
        Some(Argument { keyword: None, value: Some(value) }) => At::all(value),
        _ => item.span().into(),
    }
}

/// How many parameters a node has, as far as literals say so.
fn parameters(node: &Node) -> u128 {
    let all = |nodes: &[Node]| nodes.iter().map(parameters).fold(0, u128::saturating_add);
    match &node.op {
        Op::Layer(kind) if !node.input.0.is_empty() && !node.output.0.is_empty() => {
            kind.parameters(&node.input, &node.output).unwrap_or(0) as u128
        }
        Op::Residual { main, skip, .. } => all(main).saturating_add(skip.as_deref().map_or(0, all)),
        Op::Concat { branches } => branches.iter().map(|branch| all(&branch.body)).fold(0, u128::saturating_add),
        Op::Repeat { count: Dim::Known(count), body } => all(body).saturating_mul(*count as u128),
        _ => 0,
    }
}
