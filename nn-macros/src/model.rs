//! A checked network: what `shape` gives to `plan`. Every name is known, every shape follows, nothing can fail from here on.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, ConstParam, Ident, Visibility};

use crate::error::At;
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
    pub optimize: Optimize,
    pub input: Shape,
    pub output: Shape,
    pub body: Vec<Node>,
    /// Sizes that only the compiler can compute, as items in the user's scope: `const __LENET5_FC1: usize = 2 * HIDDEN;`.
    pub constants: Vec<Constant>,
    /// Items that check what depends on such sizes: `const _: () = ::core::assert!(…);`, with the user's spans.
    pub assertions: Vec<TokenStream>,
    /// Known layer words at the user's spans, relative to nn-core (`layer::Conv2d`), so that editors can hover and jump.
    pub words: Vec<TokenStream>,
    /// What must hold of const parameters, as conditions with their messages: only a build can check them.
    pub parameter_checks: Vec<TokenStream>,
    /// `#[budget(flash = 64 KiB)]`
    pub flash_budget: Option<Limit>,
    pub ram_budget: Option<Limit>,
    /// Whether one of the assertions reports a mistake after which nothing fits; then there is no plan.
    pub broken: bool,
}

/// A number of bytes that a network may take, and where it is written.
pub(crate) struct Limit {
    pub bytes: Dim,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    F32,
    F64,
}

/// What the portable kernels are optimized for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Optimize {
    Speed,
    Size,
}

/// An item-level `const name: usize = value;`; its `ToTokens` is the whole item.
#[derive(Clone)]
pub(crate) struct Constant {
    pub name: Ident,
    /// `usize`; `u64` for the bits of a number such as BatchNorm's epsilon.
    pub ty: TokenStream,
    pub value: TokenStream,
}

impl ToTokens for Constant {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { name, ty, value } = self;
        tokens.extend(quote! {
            #[allow(dead_code)]
            const #name: ::core::primitive::#ty = #value;
        });
    }
}

/// A layer in its place.
pub(crate) struct Node {
    /// The user's docs.
    pub attributes: Vec<Attribute>,
    /// The field; every node with parameters has one, unless it is a flattened block.
    pub name: Option<Ident>,
    /// `#[key("downsample.0")]`; the field's name where there is none.
    pub key: Option<String>,
    /// By its own attribute, a block's or the network's.
    pub frozen: bool,
    /// `#[init(HeNormal)]` as an expression with its whole path, or the default that follows from the next activation.
    pub initializer: TokenStream,
    /// As the user wrote it: `Conv2d(6, kernel = 5)`.
    pub written: String,
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
        /// `skip`'s, as a node's.
        skip_key: Option<String>,
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
    /// Another network, or a user's own layer: its type. An assertion says when its shapes differ from the node's; so that rustc does not
    /// say it again, generated code hands values over through `plain::reshape`.
    Nested {
        ty: TokenStream,
        /// The `static` that holds it; `None` for a field.
        place: Option<TokenStream>,
    },
}

pub(crate) struct Branch {
    pub name: Ident,
    /// As a node's.
    pub key: Option<String>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape(pub Vec<Dim>);

/// One size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dim {
    /// A literal, or computed from literals.
    Known(usize),
    /// A [`Constant`] of the network.
    Constant(Ident),
    /// A const parameter of a const-generic network.
    Parameter(Ident),
    /// After a mistake that hides it; only `fallback` meets one, `plan` never does.
    Unknown,
}
