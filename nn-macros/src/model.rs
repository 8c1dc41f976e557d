//! A checked network: what `shape` gives to `plan`. Every name is known, every shape follows, nothing can fail from here on.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, ConstParam, Ident, Visibility};

use crate::layer::Kind;

/// `pub struct LeNet5: [1, 28, 28] -> [10] { … }`, checked.
pub(crate) struct Network {
    /// The path by which the user's crate reaches nn-core: `$crate`.
    pub krate: TokenStream,
    /// The user's docs and other attributes that stay on the struct.
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    /// `const H: usize` of a const-generic network.
    pub generics: Vec<ConstParam>,
    pub scalar: Scalar,
    pub frozen: bool,
    pub input: Shape,
    pub output: Shape,
    pub body: Vec<Node>,
    /// Sizes that only the compiler can compute, as items in the user's scope: `const __LENET5_FC1: usize = 2 * HIDDEN;`.
    pub constants: Vec<Constant>,
    /// Items that check what depends on such sizes: `const _: () = ::core::assert!(…);`, with the user's spans.
    pub assertions: Vec<TokenStream>,
    /// Known layer words at the user's spans, so that editors can hover and jump.
    pub words: Vec<Ident>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    F32,
    F64,
}

/// An item-level `const name: usize = value;`.
pub(crate) struct Constant {
    pub name: Ident,
    pub value: TokenStream,
}

/// A layer in its place.
pub(crate) struct Node {
    /// The user's docs.
    pub attributes: Vec<Attribute>,
    /// The field; every node with parameters has one, unless it is a flattened block.
    pub name: Option<Ident>,
    /// `#[key("downsample.0")]`; the field's name where there is none.
    pub key: Option<String>,
    pub frozen: bool,
    /// `#[init(HeNormal)]` as an expression, or the default that follows from the next activation.
    pub initializer: TokenStream,
    /// As the user wrote it: `Conv2d(6, kernel = 5)`.
    pub written: String,
    pub span: Span,
    pub input: Shape,
    pub output: Shape,
    pub op: Op,
}

pub(crate) enum Op {
    /// A built-in layer that implements `nn_core::Layer`, with or without parameters.
    Layer(Kind),
    /// `nn_core::activation::…` as an expression.
    Activation {
        value: TokenStream,
        known: Known,
        kind: OutputKind,
        learns: bool,
    },
    /// `Dropout(0.5)`: the rate as an expression.
    Dropout {
        rate: TokenStream,
    },
    Flatten,
    /// `skip: None` is the identity. Named: a sub-struct. Unnamed: its layers are its parent's.
    Residual {
        main: Vec<Node>,
        skip: Option<Vec<Node>>,
    },
    /// Each branch is a sub-struct under its name.
    Concat {
        branches: Vec<Branch>,
    },
    /// A field `[Block; count]`.
    Repeat {
        count: Dim,
        body: Vec<Node>,
    },
    /// Another network, or a user's own layer: its type.
    Nested {
        ty: TokenStream,
    },
}

pub(crate) struct Branch {
    pub name: Ident,
    pub input: Shape,
    pub output: Shape,
    pub body: Vec<Node>,
}

/// What an activation's derivative is computed from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Output,
    Input,
}

/// `nn_core::{Real, Bernoulli, Probabilities, LogProbabilities}`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputKind {
    Real,
    Bernoulli,
    Probabilities,
    LogProbabilities,
}

/// Sizes, outermost first.
#[derive(Clone)]
pub(crate) struct Shape(pub Vec<Dim>);

/// One size.
#[derive(Clone)]
pub(crate) enum Dim {
    /// A literal, or computed from literals.
    Known(usize),
    /// A [`Constant`] of the network.
    Constant(Ident),
    /// A const parameter of a const-generic network.
    Parameter(Ident),
}
