//! Blocks: layers within layers.

use syn::Ident;

use super::{After, Walk, next_rectifies};
use crate::ast::{Block, Content, Item, What};
use crate::check;
use crate::layer::Resolved;
use crate::model::{Branch, Dim, Op, Shape};
use crate::size::{Message, Number};
use quote::quote;

impl Walk<'_> {
    pub(super) fn block(&mut self, item: &Item, word: &Ident, block: &Block, input: Option<Shape>, after: After) -> Resolved {
        self.words.push(quote!(layer::#word));
        let source = self.source.clone();
        match word.to_string().as_str() {
            "Residual" => self.residual(item, word, block, input, after),
            "Concat" => self.concat(item, block, input, &source, after),
            _ => self.repeat(item, word, block, input, after),
        }
    }

    pub(super) fn residual(&mut self, item: &Item, word: &Ident, block: &Block, input: Option<Shape>, after: After) -> Resolved {
        let source = self.source.clone();
        let (main, skip) = check::residual_branches(block);
        let before = self.fork();
        self.branch(&before);
        let (main_nodes, main_output) = self.layers(main.unwrap_or_default(), input.clone(), after);
        let main_convention = self.convention;
        self.branch(&before);
        let skip_nodes = skip.map(|skip| {
            self.source.clone_from(&source);
            self.layers(skip, input.clone(), after)
        });
        let other_convention = self.convention;
        if !self.join_conventions(main_convention)
            && let (Some(main), Some(other)) = (main_convention, other_convention)
        {
            let other = if skip.is_some() { format!("`skip` gives {}", other.name()) } else { format!("its input is {}", other.name()) };
            self.errors.push(
                word.span(),
                format!("`main` gives {}, but {other}", main.name()),
                "end a branch with `Transpose`, so that both mean the same",
            );
        }
        self.close(before);
        let mut other = skip_nodes.as_ref().map_or_else(|| input.clone(), |(_, output)| output.clone());
        let mut main_output = main_output;
        // Branches that are not there, or not under their names, are reported; nothing is known of their shapes.
        if main.is_none() {
            main_output = None;
        }
        if skip.is_none() && !check::has_main_alone(block) {
            other = None;
        }
        let output = match (&main_output, &other) {
            (Some(main), Some(other)) => {
                let label = item.label();
                let which = if skip.is_some() { "`skip`" } else { "the input, which `Residual` adds to it," };
                let fault = |_: &Self, a: Message, b: Message| {
                    Message::default()
                        .text("`main` gives ")
                        .then(a)
                        .text(format!(", but {which} {} ", if skip.is_some() { "gives" } else { "is" }))
                        .then(b)
                };
                let help = if skip.is_some() {
                    format!("make both branches of `{label}` end with the same shape")
                } else {
                    "end `main` with the input's shape, or add `skip: { … }` with a layer that gives `main`'s shape".into()
                };
                self.require_equal(word.span(), main, other, fault, Message::default().text(help));
                Some(if skip.is_some() { main.clone() } else { other.clone() })
            }
            (main, other) => main.clone().or_else(|| other.clone()),
        };
        let skip_key = check::branch(block, "skip").and_then(|skip| check::key(&skip.attributes));
        let op = Op::Residual { main: main_nodes, skip: skip_nodes.map(|(nodes, _)| nodes), skip_key };
        Resolved::new(op, input, output)
    }

    pub(super) fn concat(&mut self, item: &Item, block: &Block, input: Option<Shape>, source: &str, after: After) -> Resolved {
        let Content::Branches(list) = &block.content else {
            return Resolved::new(Op::Concat { branches: Vec::new() }, input, None);
        };
        let mut branches: Vec<Branch> = Vec::new();
        let mut output: Option<Shape> = None;
        let mut hidden = block.broken;
        let before = self.fork();
        let mut convention = None;
        for branch in list {
            self.source = source.to_string();
            self.branch(&before);
            let (body, shape) = self.layers(&branch.body, input.clone(), after);
            let own = self.convention;
            if !self.join_conventions(convention)
                && let (Some(first), Some(own)) = (convention, own)
            {
                self.errors.push(
                    branch.name.span(),
                    format!("branch `{}` gives {}, but the branches before it {}", branch.name, own.name(), first.name()),
                    "end a branch with `Transpose`, so that all mean the same",
                );
            }
            convention = self.convention;
            let of = input.clone().unwrap_or_else(Shape::unknown);
            let gives = shape.clone().unwrap_or_else(Shape::unknown);
            branches.push(Branch { name: branch.name.clone(), key: check::key(&branch.attributes), input: of, output: gives, body });
            let Some(shape) = shape else {
                hidden = true;
                continue;
            };
            output = Some(match output.take() {
                None => shape,
                Some(sum) => self.join(item, &list[0].name, &branch.name, sum, &shape),
            });
        }
        self.close(before);
        Resolved::new(Op::Concat { branches }, input, output.filter(|_| !hidden))
    }

    /// The channels of both, one after the other.
    pub(super) fn join(&mut self, item: &Item, first: &Ident, name: &Ident, mut sum: Shape, shape: &Shape) -> Shape {
        let (a, b) = (Shape(sum.0[1..].to_vec()), Shape(shape.0[1..].to_vec()));
        let fault = Message::default()
            .text(format!("branch `{name}` gives "))
            .then(self.sizes(shape))
            .text(format!(", which does not continue branch `{first}` with "))
            .then(self.sizes(&sum))
            .text(" along the channels");
        let help = Message::default().text("make the branches agree in all sizes but the first");
        self.require_equal(name.span(), &b, &a, |_, _, _| fault.clone(), help);
        let krate = self.krate.clone();
        let parameter = [&sum.0[0], &shape.0[0]].into_iter().find_map(|size| match size {
            Dim::Parameter(name) => Some(name.clone()),
            _ => None,
        });
        sum.0[0] = if let Some(parameter) = parameter {
            self.errors.push(
                name.span(),
                format!("`{}` adds channels, and stable Rust cannot compute with the const parameter `{parameter}`", item.label()),
                format!("use a constant instead of `{parameter}`: `const {parameter}: usize = …;`"),
            );
            Dim::Unknown
        } else {
            let total = Number::from(&sum.0[0]).add(&Number::from(&shape.0[0]), &krate);
            self.dim(total, "channels")
        };
        sum
    }

    pub(super) fn repeat(&mut self, item: &Item, word: &Ident, block: &Block, input: Option<Shape>, after: After) -> Resolved {
        let What::Word { arguments, .. } = &item.what else { return Resolved::new(Op::Flatten, None, None) };
        let count = check::repeat_count(word, arguments.as_ref(), self.errors)
            .map_or(Dim::Unknown, |value| self.size(value, 1, &format!("`{}`", item.label())));
        let layers = match &block.content {
            Content::Layers(layers) => layers.as_slice(),
            Content::Branches(_) => &[],
        };
        let inner = After { rectifies: next_rectifies(layers).unwrap_or(after.rectifies), ..after };
        let after = if after.rectifies { after } else { inner };
        let (body, output) = self.layers(layers, input.clone(), after);
        if let (Some(from), Some(to)) = (&input, &output) {
            let fault = |_: &Self, to: Message, from: Message| {
                Message::default().text("`Repeat` feeds its layers their own output, but they give ").then(to).text(" for ").then(from)
            };
            self.require_equal(
                word.span(),
                to,
                from,
                fault,
                Message::default().text("end the repeated layers with the shape that they start from"),
            );
        }
        // After a mistake, either shape may be the one that was meant.
        let differ = matches!((&input, &output), (Some(from), Some(to)) if !may_agree(from, to));
        Resolved::new(Op::Repeat { count, body }, input.clone(), input.or(output).filter(|_| !differ))
    }
}

/// Whether two shapes are equal, or only the compiler can tell.
fn may_agree(a: &Shape, b: &Shape) -> bool {
    let differ = |(a, b): (&Dim, &Dim)| a != b && matches!((a, b), (Dim::Known(_) | Dim::Parameter(_), Dim::Known(_) | Dim::Parameter(_)));
    a.0.len() == b.0.len() && !a.0.iter().zip(&b.0).any(differ)
}
