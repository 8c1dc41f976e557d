//! [`ast`](crate::ast) to [`model`](crate::model): shapes, carried along from layer to layer.
//!
//! After a mistake the walk goes on with the shape that the fix would give, or with an unknown one that silences what depends on it.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, Ident, Lit};

use crate::ast::{Block, Content, Declaration, Item, Sizes, What};
use crate::error::{At, Errors};
use crate::layer::{self, Call, Resolved};
use crate::model::{Branch, Constant, Dim, Network, Node, Op, Scalar, Shape};
use crate::size::{Condition, Folded, Message, Number, fold};
use crate::{activation, check, text};

/// The blocks' words.
pub(crate) const BLOCKS: [&str; 3] = ["Residual", "Concat", "Repeat"];

/// The checked network. Where there were mistakes, it serves for the definition that stands in its place.
pub(crate) fn network(declaration: &Declaration, errors: &mut Errors) -> Network {
    let mut walk = Walk::new(declaration, errors);
    let scalar = check::scalar(&declaration.attributes, walk.errors);
    walk.scalar = scalar;
    let frozen = check::has(&declaration.attributes, "frozen");
    let input = declaration.input.as_ref().map(|sizes| walk.declared(sizes, "the input"));
    let output = declaration.output.as_ref().map(|sizes| walk.declared(sizes, "the output"));
    let at = |sizes: &Option<Sizes>| sizes.as_ref().map_or_else(|| declaration.name.span(), |sizes| sizes.span);
    let input = input.filter(|input| walk.check_length(at(&declaration.input), "the input is", input));
    let output = output.filter(|output| walk.check_length(at(&declaration.output), "the output is", output));
    walk.source = "the network's input is".into();
    let (mut body, last) = walk.layers(&declaration.body, input.clone(), After { rectifies: false, frozen });
    if let (Some(declared), Some(last)) = (&output, &last) {
        walk.check_output(declaration, last, declared);
    }
    let mut input = input.unwrap_or_else(Shape::unknown);
    let mut output = output.or(last).unwrap_or_else(Shape::unknown);
    walk.settle(&mut input);
    walk.settle(&mut output);
    for node in &mut body {
        walk.settle_node(node);
    }
    let Walk { krate, constants, assertions, words, parameter_checks, broken, .. } = walk;
    Network {
        krate,
        attributes: declaration.attributes.iter().filter(|attribute| check::stays(attribute)).cloned().collect(),
        visibility: declaration.visibility.clone(),
        name: declaration.name.clone(),
        generics: declaration.generics.clone(),
        scalar,
        input,
        output,
        body,
        constants,
        assertions,
        words,
        parameter_checks,
        broken,
    }
}

/// What surrounds a list of layers.
#[derive(Clone, Copy)]
struct After {
    /// Whether the activation behind the last of them is of ReLU's family.
    rectifies: bool,
    frozen: bool,
}

/// The walk along the layers.
pub(crate) struct Walk<'a> {
    pub errors: &'a mut Errors,
    pub krate: TokenStream,
    /// Where the shape at hand comes from, for messages: `` `MaxPool2d(2)` gives ``.
    pub source: String,
    pub assertions: Vec<TokenStream>,
    /// What the sizes at hand rest on; where it does not hold, that is reported, and what follows is not.
    pub doubts: Vec<TokenStream>,
    /// Constants that are computed from others.
    computed: Vec<Ident>,
    scalar: Scalar,
    /// Whether an assertion reports a mistake after which nothing fits.
    broken: bool,
    network: String,
    parameters: Vec<Ident>,
    parameter_checks: Vec<TokenStream>,
    constants: Vec<Constant>,
    words: Vec<TokenStream>,
    /// Constants by what they are computed from.
    interned: HashMap<String, Ident>,
    /// How messages name constants.
    shown: HashMap<String, String>,
    /// Sizes that an assertion shows to be equal; the second stands for both.
    equal: Vec<(Ident, Dim)>,
}

impl<'a> Walk<'a> {
    fn new(declaration: &Declaration, errors: &'a mut Errors) -> Self {
        Walk {
            errors,
            krate: declaration.krate.clone(),
            source: String::new(),
            assertions: Vec::new(),
            doubts: Vec::new(),
            computed: Vec::new(),
            scalar: Scalar::F32,
            broken: false,
            network: declaration.name.to_string(),
            parameters: declaration.generics.iter().map(|parameter| parameter.ident.clone()).collect(),
            parameter_checks: Vec::new(),
            constants: Vec::new(),
            words: Vec::new(),
            interned: HashMap::new(),
            shown: HashMap::new(),
            equal: Vec::new(),
        }
    }

    /// Layers in order; what the last of them gives.
    fn layers(&mut self, items: &[Item], input: Option<Shape>, after: After) -> (Vec<Node>, Option<Shape>) {
        let mut shape = input;
        let mut nodes = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let next = After { rectifies: next_rectifies(&items[i + 1..]).unwrap_or(after.rectifies), frozen: after.frozen };
            let (node, output) = self.layer(item, shape.as_ref(), next);
            shape = output;
            nodes.extend(node);
            self.source = format!("`{}` gives", item.label());
        }
        (nodes, shape)
    }

    fn layer(&mut self, item: &Item, input: Option<&Shape>, after: After) -> (Option<Node>, Option<Shape>) {
        let frozen = after.frozen || check::has(&item.attributes, "frozen");
        let after = After { frozen, ..after };
        let resolved = match &item.what {
            What::Word { word, block: Some(block), .. } if BLOCKS.contains(&word.to_string().as_str()) => {
                Some(self.block(item, word, block, input.cloned(), after))
            }
            What::Word { word, .. } => self.word(item, word, input.cloned()),
            What::Path { path, span } => Some(self.nested(item, path, *span, input.cloned())),
            What::Reference { span } => {
                self.errors.push(
                    *span,
                    "a network in a `static`, by reference, is not supported yet",
                    "give the network by value, such as `body: Body -> [32]` with `#[frozen]`, and load its weights by prefix",
                );
                None
            }
        };
        let Some(resolved) = resolved else {
            let stated = item.stated.as_ref().map(|sizes| self.declared(sizes, "the shape"));
            return (None, stated);
        };
        let rests = |size: &Dim| matches!(size, Dim::Constant(name) if self.computed.contains(name));
        if !resolved.output.as_ref().is_some_and(|output| output.0.iter().any(rests)) {
            self.doubts.clear();
        }
        // Sizes of which none is known say nothing about the rank.
        let mut output = resolved.output.clone().filter(|output| resolved.reliable && output.0.iter().any(|size| *size != Dim::Unknown));
        let nested = matches!(resolved.op, Op::Nested { .. });
        if let Some(sizes) = item.stated.as_ref().filter(|_| !nested) {
            let stated = self.declared(sizes, "the shape");
            if let Some(computed) = &output {
                self.check_stated(item, sizes, computed, &stated);
            } else {
                output = Some(stated);
            }
        }
        let label = item.label();
        let mut made = output.clone().or(resolved.output.clone()).unwrap_or_else(Shape::unknown);
        if output.as_ref().is_some_and(|output| !self.check_length(item.span(), &format!("`{label}` gives"), output)) {
            made.0.fill(Dim::Unknown);
            output = None;
        }
        let node = Node {
            attributes: item.attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
            name: item.name.clone(),
            key: check::key(&item.attributes),
            frozen,
            initializer: self.initializer(item, after.rectifies),
            written: item.written(),
            input: resolved.input.unwrap_or_else(Shape::unknown),
            output: made,
            op: resolved.op,
        };
        (Some(node), output)
    }

    /// A layer or activation by its word; of an unknown word the nearest.
    fn word(&mut self, item: &Item, word: &Ident, input: Option<Shape>) -> Option<Resolved> {
        let written = word.to_string();
        let known = check::known_word(&written);
        if known.is_none() && item.stated.is_some() {
            return Some(self.nested(item, &quote!(#word), word.span(), input));
        }
        let meant = known.or_else(|| check::nearest_word(&written))?;
        let exact = known.is_some();
        if let Some(rule) = layer::rule(meant) {
            if exact {
                self.words.push(quote!(layer::#word));
            }
            let mut call = Call::new(self, item, rule, input);
            let mut resolved = (rule.resolve)(&mut call);
            resolved.reliable = !call.lost;
            return Some(resolved);
        }
        if let Some(found) = activation::find(meant) {
            if exact {
                self.words.push(quote!(activation::#word));
            }
            return Some(self.activation(item, word, found, input));
        }
        // A block without braces, or with an unknown word, is reported by `check`.
        None
    }

    fn activation(&mut self, item: &Item, word: &Ident, found: &activation::Activation, input: Option<Shape>) -> Resolved {
        let What::Word { arguments, .. } = &item.what else { return Resolved::new(Op::Flatten, None, None) };
        let (value, known) = found.value(word, arguments.as_ref(), self);
        if let Some(shape) = input.as_ref().filter(|shape| found.vector && shape.0.len() > 1) {
            let fault = Message::default()
                .text(format!("`{}` takes a vector, one number a class, but {} ", found.word, self.source))
                .then(self.sizes(shape));
            let help = Message::default().text("put `Flatten` or `GlobalAvgPool` before it");
            self.require(word.span(), Condition::Known(false), fault, help);
        }
        let op = Op::Activation { value, known, kind: found.kind, learns: found.learns };
        Resolved::new(op, input.clone(), input)
    }

    /// Another network or a user's layer. Its shapes are its own: assertions compare them.
    fn nested(&mut self, item: &Item, path: &TokenStream, span: Span, input: Option<Shape>) -> Resolved {
        let label = item.label();
        if item.name.is_none() {
            let lower = text::of(path).rsplit("::").next().unwrap_or_default().split('<').next().unwrap_or_default().to_lowercase();
            self.errors.push(
                span,
                format!("`{}` has parameters of its own and needs a name", text::of(path)),
                format!("write `{lower}: {}`", text::of(path)),
            );
        }
        let Some(sizes) = &item.stated else {
            self.errors.push(
                span,
                format!("the output shape of `{}` is missing", text::of(path)),
                format!("state it: `{label} -> [sizes]`"),
            );
            return Resolved::new(Op::Nested { ty: path.clone() }, input, None);
        };
        let stated = self.declared(sizes, "the shape");
        let krate = self.krate.clone();
        let name = text::of(path);
        if let Some(input) = &input {
            let but = format!(", but {} ", self.source);
            let help = "change the layer before it so that the shapes agree";
            self.check_foreign(span, path, (&format!("`{name}` takes "), &quote!(INPUT)), (&but, input), help);
        }
        let but = ", but the shape stated here is ";
        self.check_foreign(
            sizes.span,
            path,
            (&format!("`{name}` gives "), &quote!(OUTPUT)),
            (but, &stated),
            "state the shape that it gives",
        );
        let (own, size) = match self.scalar {
            Scalar::F32 => ("f32", 4_usize),
            Scalar::F64 => ("f64", 8),
        };
        let message = format!(
            "`{name}` has numbers of another type than this network\nhelp: this one has `{own}`; give both the same `#[scalar(…)]`"
        );
        let condition = quote!(<<#path as #krate::Layer>::Scalar as #krate::Scalar>::DTYPE.size() == #size);
        self.assert_of(span, path, &[], &quote!(#condition, #message));
        Resolved::new(Op::Nested { ty: path.clone() }, input, Some(stated))
    }

    /// Compares a shape of a user's layer with the one that is expected of it.
    fn check_foreign(&mut self, at: Span, path: &TokenStream, own: (&str, &TokenStream), other: (&str, &Shape), help: &str) {
        if other.1.0.contains(&Dim::Unknown) {
            return;
        }
        let krate = &self.krate;
        let (has, constant) = own;
        let shape = quote!(<#path as #krate::Layer>::#constant);
        let sizes = other.1.0.iter().map(Dim::tokens);
        let sizes = quote!(&[#(#sizes),*]);
        let (but, help) = (other.0, format!("\nhelp: {help}"));
        let message = quote!(#krate::shape::Message::new().text(#has).sizes(#shape.sizes()).text(#but).sizes(#sizes).text(#help));
        let condition =
            self.doubts.iter().fold(Condition::Expression(quote!(#krate::shape::is(#shape, #sizes))), Condition::unless_not).tokens();
        self.assert_of(at, path, &other.1.0, &quote!(#condition, "{}", #message.as_str()));
    }

    /// An assertion on a user's type; with const parameters in it only a build can evaluate it.
    fn assert_of(&mut self, at: Span, path: &TokenStream, sizes: &[Dim], arguments: &TokenStream) {
        if sizes.iter().any(|size| matches!(size, Dim::Parameter(_))) || self.mentions_parameter(path.clone()) {
            self.parameter_checks.push(quote_spanned!(at=> ::core::assert!(#arguments);));
        } else {
            self.assertions.push(assertion(at.into(), arguments));
        }
    }

    fn block(&mut self, item: &Item, word: &Ident, block: &Block, input: Option<Shape>, after: After) -> Resolved {
        self.words.push(quote!(layer::#word));
        let source = self.source.clone();
        match word.to_string().as_str() {
            "Residual" => self.residual(item, word, block, input, after),
            "Concat" => self.concat(item, block, input, &source, after),
            _ => self.repeat(item, word, block, input, after),
        }
    }

    fn residual(&mut self, item: &Item, word: &Ident, block: &Block, input: Option<Shape>, after: After) -> Resolved {
        let source = self.source.clone();
        let (main, skip) = check::residual_branches(block);
        let (main_nodes, main_output) = self.layers(main.unwrap_or_default(), input.clone(), after);
        let skip_nodes = skip.map(|skip| {
            self.source.clone_from(&source);
            self.layers(skip, input.clone(), after)
        });
        let other = skip_nodes.as_ref().map_or_else(|| input.clone(), |(_, output)| output.clone());
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
        let op = Op::Residual { main: main_nodes, skip: skip_nodes.map(|(nodes, _)| nodes) };
        Resolved::new(op, input, output)
    }

    fn concat(&mut self, item: &Item, block: &Block, input: Option<Shape>, source: &str, after: After) -> Resolved {
        let Content::Branches(list) = &block.content else {
            return Resolved::new(Op::Concat { branches: Vec::new() }, input, None);
        };
        let mut branches: Vec<Branch> = Vec::new();
        let mut output: Option<Shape> = None;
        let mut hidden = block.broken;
        for branch in list {
            self.source = source.to_string();
            let (body, shape) = self.layers(&branch.body, input.clone(), after);
            let of = input.clone().unwrap_or_else(Shape::unknown);
            branches.push(Branch { name: branch.name.clone(), input: of, output: shape.clone().unwrap_or_else(Shape::unknown), body });
            let Some(shape) = shape else {
                hidden = true;
                continue;
            };
            output = Some(match output.take() {
                None => shape,
                Some(sum) => self.join(item, &list[0].name, &branch.name, sum, &shape),
            });
        }
        Resolved::new(Op::Concat { branches }, input, output.filter(|_| !hidden))
    }

    /// The channels of both, one after the other.
    fn join(&mut self, item: &Item, first: &Ident, name: &Ident, mut sum: Shape, shape: &Shape) -> Shape {
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

    fn repeat(&mut self, item: &Item, word: &Ident, block: &Block, input: Option<Shape>, after: After) -> Resolved {
        let What::Word { arguments, .. } = &item.what else { return Resolved::new(Op::Flatten, None, None) };
        let count =
            check::repeat_count(word, arguments.as_ref(), self.errors).map_or(Dim::Unknown, |value| self.size(value, 1, &item.label()));
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
        Resolved::new(Op::Repeat { count, body }, input.clone(), input.or(output))
    }

    /// A stated shape that differs.
    fn check_stated(&mut self, item: &Item, sizes: &Sizes, computed: &Shape, stated: &Shape) {
        let label = item.label();
        let fault = |_: &Self, a: Message, b: Message| {
            Message::default().text(format!("`{label}` gives ")).then(a).text(", but the shape stated here is ").then(b)
        };
        let help = Message::default().text("write `-> ").then(self.named(computed)).text("`, or change the layer");
        self.require_equal(sizes.span, computed, stated, fault, help);
    }

    /// The declared output that the last layer does not give; what keeps its input's shape is not at fault.
    fn check_output(&mut self, declaration: &Declaration, last: &Shape, declared: &Shape) {
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
            (_, [_, _, ..], [_]) => format!("end with `Flatten` and `Dense({})`", alone(declared)),
            _ => "change this layer".into(),
        };
        let help = Message::default().text(format!("{help}, or declare `-> ")).then(self.named(last)).text("`");
        self.require_equal(at, last, declared, fault, help);
    }

    /// Whether the numbers fit into memory's addresses.
    fn check_length(&mut self, at: Span, what: &str, shape: &Shape) -> bool {
        let length = shape.0.iter().try_fold(1_usize, |product, size| match size {
            Dim::Known(n) => product.checked_mul(*n),
            _ => Some(product),
        });
        let fits = length.is_some_and(|length| length <= isize::MAX as usize / 8);
        if !fits {
            let shown = self.show(shape);
            self.errors.push(at, format!("{what} {shown}, more numbers than a machine can address"), "use smaller sizes");
        }
        fits
    }

    /// Reports two shapes that differ; sizes that only the compiler knows are compared by an assertion.
    fn require_equal(
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
    fn unify(&mut self, name: &Ident, other: &Dim) {
        let a = self.settled(&Dim::Constant(name.clone()));
        let b = self.settled(other);
        match (a, b) {
            (a, b) if a == b => {}
            (Dim::Constant(a), b) => self.equal.push((a, b)),
            (a, Dim::Constant(b)) => self.equal.push((b, a)),
            _ => {}
        }
    }

    fn settled(&self, size: &Dim) -> Dim {
        let mut size = size.clone();
        while let Dim::Constant(name) = &size {
            match self.equal.iter().find(|(equal, _)| equal == name) {
                Some((_, other)) => size = other.clone(),
                None => break,
            }
        }
        size
    }

    fn settle(&self, shape: &mut Shape) {
        for size in &mut shape.0 {
            *size = self.settled(size);
        }
    }

    fn settle_node(&self, node: &mut Node) {
        self.settle(&mut node.input);
        self.settle(&mut node.output);
        match &mut node.op {
            Op::Residual { main, skip } => main.iter_mut().chain(skip.iter_mut().flatten()).for_each(|node| self.settle_node(node)),
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

    /// A shape that stands in the source.
    fn declared(&mut self, sizes: &Sizes, what: &str) -> Shape {
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
                        format!("a size in `{}` is {n}, but sizes are {kind}", of.trim_matches('`')),
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

    fn constant_size(&mut self, value: &Expr, written: &str, least: usize, of: &str) -> Dim {
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
            let fault = Message::default().text(format!("a size in `{}` is 0, but sizes are at least 1", of.trim_matches('`')));
            let help = Message::default().text(format!("give `{written}` another value"));
            let doubts = std::mem::take(&mut self.doubts);
            self.require(At::all(value), condition, fault, help);
            self.doubts = doubts;
        }
        Dim::Constant(name)
    }

    fn mentions_parameter(&self, tokens: TokenStream) -> bool {
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
    fn named(&self, shape: &Shape) -> Message {
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

    /// `#[init(…)]`, or the default.
    fn initializer(&mut self, item: &Item, rectifies: bool) -> TokenStream {
        let krate = self.krate.clone();
        check::initializer(item, &krate, self.errors)
            .unwrap_or_else(|| if rectifies { quote!(#krate::init::HeUniform) } else { quote!(#krate::init::XavierUniform) })
    }
}

/// `const _: () = ::core::assert!(…);`, which underlines `at`.
fn assertion(at: At, arguments: &TokenStream) -> TokenStream {
    let mut group = Group::new(Delimiter::Parenthesis, arguments.clone());
    group.set_span(at.last);
    quote_spanned!(at.first=> const _: () = ::core::assert! #group;)
}

/// Whether the first activation among `items`, before any layer with weights, is of ReLU's family.
fn next_rectifies(items: &[Item]) -> Option<bool> {
    for item in items {
        let What::Word { word, .. } = &item.what else { return Some(false) };
        let word = word.to_string();
        if let Some(activation) = activation::find(&word) {
            return Some(activation.rectifies);
        }
        if BLOCKS.contains(&word.as_str()) || layer::rule(&word).is_none_or(|rule| rule.drawn) {
            return Some(false);
        }
    }
    None
}

/// Whether what goes in comes out in the same shape, whatever it is.
fn keeps_shape(item: &Item) -> bool {
    let What::Word { word, .. } = &item.what else { return false };
    activation::find(&word.to_string()).is_some() || word == "Dropout" || word == "BatchNorm" || word == "LayerNorm"
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

impl Shape {
    /// One unknown size, after a mistake.
    pub(crate) fn unknown() -> Self {
        Self(vec![Dim::Unknown])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn walk(tokens: &TokenStream) -> (Network, Vec<String>) {
        let mut errors = Errors::default();
        let declaration = parse::declaration(quote!([::nn_core] #tokens), &mut errors).expect("a name is there");
        check::declaration(&declaration, &mut errors);
        let network = network(&declaration, &mut errors);
        (network, errors.messages())
    }

    /// What a layer makes of an input.
    fn output(input: &[usize], layer: &TokenStream) -> Vec<Dim> {
        let (network, errors) = walk(&quote!(struct Net: [#(#input),*] -> [1] { #layer, Flatten, fc: Dense(1) }));
        assert_eq!(errors, [""; 0], "{layer}");
        network.body[0].output.0.clone()
    }

    #[test]
    fn windows_fit_as_often_as_in_published_networks() {
        for (input, layer, expected) in [
            // LeCun and others, 1998: LeNet-5.
            (&[1, 32, 32][..], quote!(c: Conv2d(6, kernel = 5)), &[6, 28, 28][..]),
            (&[6, 28, 28], quote!(AvgPool2d(2)), &[6, 14, 14]),
            // Krizhevsky and others, 2012: AlexNet.
            (&[3, 227, 227], quote!(c: Conv2d(96, kernel = 11, stride = 4)), &[96, 55, 55]),
            (&[96, 55, 55], quote!(MaxPool2d(3, stride = 2)), &[96, 27, 27]),
            (&[96, 27, 27], quote!(c: Conv2d(256, kernel = 5, padding = 2, groups = 2)), &[256, 27, 27]),
            // He and others, 2015: ResNet. The row that is left over is padding.
            (&[3, 224, 224], quote!(c: Conv2d(64, kernel = 7, stride = 2, padding = 3)), &[64, 112, 112]),
            (&[64, 112, 112], quote!(MaxPool2d(3, stride = 2, padding = 1)), &[64, 56, 56]),
            (&[2048, 7, 7], quote!(GlobalAvgPool), &[2048]),
            // Howard and others, 2017: MobileNet.
            (&[32, 112, 112], quote!(c: DepthwiseConv2d(kernel = 3, padding = Same)), &[32, 112, 112]),
            // Van den Oord and others, 2016: WaveNet's dilated causal convolution.
            (&[16, 1000], quote!(c: Conv1d(32, kernel = 2, dilation = 512, padding = Causal)), &[32, 1000]),
            (&[3, 10, 20], quote!(c: Conv2d(4, kernel = (3, 5), dilation = (1, 2))), &[4, 8, 12]),
            (&[1, 13], quote!(MaxPool1d(2, remainder = Ignore)), &[1, 6]),
        ] {
            let expected: Vec<Dim> = expected.iter().map(|n| Dim::Known(*n)).collect();
            assert_eq!(output(input, &layer), expected, "{layer}");
        }
    }

    #[test]
    fn the_next_activation_chooses_the_initialiser() {
        let (network, errors) = walk(&quote! {
            struct Net: [4, 4, 4] -> [2] {
                a: Conv2d(4, kernel = 3, padding = Same), norm: BatchNorm, Relu, MaxPool2d(2), Flatten,
                b: Dense(8), Dropout(0.5), Tanh,
                #[init(HeNormal)] c: Dense(8), Tanh,
                block: Residual { main: { d: Dense(8) } }, Silu,
                e: Dense(2),
            }
        });
        assert_eq!(errors, [""; 0]);
        let mut words = Vec::new();
        for node in &network.body {
            let inner: &[Node] = if let Op::Residual { main, .. } = &node.op { main } else { std::slice::from_ref(node) };
            for node in inner.iter().filter(|node| node.name.is_some() && matches!(node.op, Op::Layer(_))) {
                let word = node.initializer.clone().into_iter().last().expect("a word").to_string();
                words.push(format!("{} {word}", node.name.as_ref().expect("named")));
            }
        }
        words.retain(|word| !word.starts_with("norm"));
        assert_eq!(words, ["a HeUniform", "b XavierUniform", "c HeNormal", "d HeUniform", "e XavierUniform"]);
    }

    #[test]
    fn constants_become_items_once() {
        let (network, errors) =
            walk(&quote!(struct LeNet5: [N] -> [2] { a: Dense(HIDDEN), b: Dense(2 * HIDDEN), c: Dense(HIDDEN), d: Dense(2) }));
        assert_eq!(errors, [""; 0]);
        let names: Vec<String> = network.constants.iter().map(|constant| constant.name.to_string()).collect();
        assert_eq!(names, ["__LE_NET5_N", "__LE_NET5_HIDDEN", "__LE_NET5_2_HIDDEN"]);
        assert_eq!(network.body[0].output, network.body[2].output);
    }

    #[test]
    fn sizes_that_an_assertion_shows_equal_become_one() {
        let (network, errors) = walk(&quote!(struct Net: [4] -> [10] { a: Dense(CLASSES), Softmax }));
        assert_eq!(errors, [""; 0]);
        assert_eq!(network.body[0].output.0, [Dim::Known(10)]);
        assert_eq!(network.body[1].output.0, [Dim::Known(10)]);
    }

    #[test]
    fn the_walk_goes_on_with_the_shape_of_the_fix() {
        let (network, errors) = walk(&quote! {
            struct Net: [2, 8, 8] -> [3] { a: Conv2d(4, kernl = 3), Relu, b: Dense(5), Rellu, c: Dense(3) }
        });
        assert_eq!(errors.len(), 3, "{errors:#?}");
        assert!(errors[2].contains("[4, 6, 6] becomes [144]"), "{errors:#?}");
        assert_eq!(network.body.last().expect("five layers").output.0, [Dim::Known(3)]);
    }
}
