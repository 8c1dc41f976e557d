//! [`ast`](crate::ast) to [`model`](crate::model): shapes, carried along from layer to layer.
//!
//! After a mistake the walk goes on with the shape that the fix would give, or with an unknown one that silences what depends on it.

mod agreement;
mod argument;
mod blocks;
mod convention;
mod foreign;
mod sizes;

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

pub(crate) use convention::Convention;

use crate::activation::{self, Activation};
use crate::ast::{Declaration, Item, Sizes, What};
use crate::budget::{self, Budget, Bytes};
use crate::check::{self, BLOCKS};
use crate::error::Errors;
use crate::layer::{self, Call, Resolved};
use crate::model::{Constant, Dim, Limit, Network, Node, Op, Scalar, Shape};
use crate::size::{Condition, Message};

/// The checked network. Where there were mistakes, it serves for the definition that stands in its place.
pub(crate) fn network(declaration: &Declaration, errors: &mut Errors) -> Network {
    let mut walk = Walk::new(declaration, errors);
    let scalar = check::scalar(&declaration.attributes, walk.errors);
    walk.scalar = scalar;
    let optimize = check::optimize(&declaration.attributes, walk.errors);
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
    let Budget { flash, ram } = budget::read(declaration, walk.errors);
    let flash_budget = flash.map(|limit| walk.limit(limit, "flash budget"));
    let ram_budget = ram.map(|limit| walk.limit(limit, "ram budget"));
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
        optimize,
        input,
        output,
        body,
        constants,
        assertions,
        words,
        parameter_checks,
        flash_budget,
        ram_budget,
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
    /// What the axes of the shape at hand mean, where two of them mean something.
    pub convention: Option<Convention>,
    /// Which layer says so: `` `conv1: Conv1d(16, kernel = 3)` gives ``.
    conventional: Option<String>,
    /// Whether the value at hand is still the input of the block.
    is_input: bool,
    /// What a layer of the block has shown its input to mean, and which.
    learned: Option<(Convention, String)>,
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
            convention: None,
            conventional: None,
            is_input: true,
            learned: None,
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

    /// A budget in bytes; an expression becomes a constant.
    fn limit(&mut self, limit: budget::Limit, hint: &str) -> Limit {
        let bytes = match limit.bytes {
            Bytes::Known(bytes) => Dim::Known(bytes),
            Bytes::Expression(expression) => Dim::Constant(self.constant(hint, quote!(usize), expression)),
        };
        Limit { bytes, at: limit.at }
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
            let is_nested = nodes.last().is_some_and(|node: &Node| matches!(node.op, Op::Nested { .. }));
            self.convene(item, is_nested, shape.as_ref());
            self.source = format!("`{}` gives", item.label());
        }
        (nodes, shape)
    }

    fn layer(&mut self, item: &Item, input: Option<&Shape>, after: After) -> (Option<Node>, Option<Shape>) {
        let is_static = matches!(item.what, What::Reference { .. });
        let frozen = after.frozen || is_static || check::has(&item.attributes, "frozen");
        let after = After { frozen, ..after };
        let resolved = match &item.what {
            What::Word { word, block: Some(block), .. } if BLOCKS.contains(&word.to_string().as_str()) => {
                Some(self.block(item, word, block, input.cloned(), after))
            }
            What::Word { word, .. } => self.word(item, word, input.cloned()),
            What::Path { path, span } => Some(self.nested(item, path, *span, None, input.cloned())),
            What::Reference { path, span, place } => Some(self.nested(item, path, *span, Some(place), input.cloned())),
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
        if output.as_ref().is_some_and(|output| !self.check_length(agreement::first_size(item), &format!("`{label}` gives"), output)) {
            made.0.fill(Dim::Unknown);
            output = None;
        }
        let node = Node {
            attributes: item.attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
            name: item.name.clone(),
            key: check::key(&item.attributes),
            frozen,
            initializer: self.initializer(item, &resolved.op, after.rectifies),
            written: item.written(),
            input: resolved.input.unwrap_or_else(Shape::unknown),
            output: made,
            op: resolved.op,
        };
        if output.is_some() {
            self.check_parameters(item, &node);
        }
        (Some(node), output)
    }

    /// A layer or activation by its word; of an unknown word the nearest.
    fn word(&mut self, item: &Item, word: &Ident, input: Option<Shape>) -> Option<Resolved> {
        let written = word.to_string();
        let known = check::known_word(&written);
        if known.is_none() && item.stated.is_some() {
            return Some(self.nested(item, &quote!(#word), word.span(), None, input));
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

    fn activation(&mut self, item: &Item, word: &Ident, found: &Activation, input: Option<Shape>) -> Resolved {
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

    /// `#[init(…)]`, or the default.
    fn initializer(&mut self, item: &Item, op: &Op, rectifies: bool) -> TokenStream {
        let krate = self.krate.clone();
        check::initializer(item, &krate, self.errors).unwrap_or_else(|| {
            let own = if let Op::Layer(layer) = op { layer.initializer() } else { None };
            let name = format_ident!("{}", own.unwrap_or(if rectifies { "HeUniform" } else { "XavierUniform" }));
            quote!(#krate::init::#name)
        })
    }
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
