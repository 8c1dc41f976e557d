//! What the macro knows of each layer, one file each, of the same name as in `nn-core/src/layer/`: its arguments, its shape rule and its type.
//!
//! A layer's type says everything that is known while compiling: `Conv2d<1, 28, 28, 6, 24, 24, 5, 5>`. Arithmetic on sizes happens in
//! the macro and never in types: stable Rust cannot do it there, and its messages would be unreadable. Stride, padding and dilation are
//! a marker type with defaults; where they are plain, they do not appear in the type's name.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Ident, Lit};

use crate::model::{Dim, Op, Scalar, Shape};

mod arguments;
mod avg_pool1d;
mod avg_pool2d;
mod batch_norm;
mod call;
mod conv1d;
mod conv2d;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod flatten;
mod global_avg_pool;
mod gru;
mod last;
mod layer_norm;
mod lstm;
mod max_pool1d;
mod max_pool2d;
mod pool;
mod recurrent;
mod rnn;
mod transpose;
mod window;

pub(crate) use call::Call;

/// A built-in layer that implements `nn_core::Layer`, its arguments checked.
pub(crate) trait BuiltIn {
    /// The type in generated code, without the crate's path: `Dense<256, 120>`; what equals a default is left out.
    fn ty(&self, input: &Shape, output: &Shape, scalar: Scalar) -> TokenStream;
    /// Whether it has parameters or state, and so a field.
    fn has_fields(&self) -> bool;
    /// How many numbers it learns, where literals say so.
    fn parameters(&self, _input: &Shape, _output: &Shape) -> Option<usize> {
        Some(0)
    }
    /// How many numbers it keeps along without learning them, where literals say so.
    fn kept(&self, _input: &Shape) -> Option<usize> {
        Some(0)
    }
    /// Whether `forward` keeps something for `backward` besides its input.
    fn has_tape(&self) -> bool {
        false
    }
    /// Whether `infer` works in memory of the layer's own.
    fn has_workspace(&self) -> bool {
        false
    }
    /// Whether it has statistics that `finish` moves.
    fn has_state(&self) -> bool {
        false
    }
    /// nn-core's initialiser that draws its weights where none is named and the next activation does not decide.
    fn initializer(&self) -> Option<&'static str> {
        None
    }
    /// Of a layer that a normalisation can be folded into: its type without biases, and whether it has any.
    fn without_bias(&self, _input: &Shape, _output: &Shape, _scalar: Scalar) -> Option<(TokenStream, bool)> {
        None
    }
    /// Of a normalisation that can be folded: its `epsilon` in bits.
    fn epsilon(&self) -> Option<TokenStream> {
        None
    }
    /// Of a layer with a normalisation folded in: which.
    fn norm(&self) -> Option<&Norm> {
        None
    }
}

/// A normalisation that is folded into the layer before it.
#[derive(Clone)]
pub(crate) struct Norm {
    pub field: Ident,
    pub key: String,
}

/// One of the built-in layers.
pub(crate) type Kind = Box<dyn BuiltIn>;

/// A layer's word, its arguments, and how its output follows from its input.
pub(crate) struct Rule {
    pub word: &'static str,
    /// The argument that stands first, without a keyword.
    pub first: First,
    pub keywords: &'static [&'static str],
    /// Keywords without which the layer means nothing.
    pub required: &'static [&'static str],
    /// For messages: `Dense(120)`.
    pub example: &'static str,
    /// Whether it has parameters or state, and so a name.
    pub named: bool,
    /// Whether an initialiser draws its weights.
    pub drawn: bool,
    pub resolve: fn(&mut Call<'_, '_>) -> Resolved,
}

/// The argument that stands first.
pub(crate) enum First {
    None,
    Required(&'static str),
    Optional(&'static str),
}

/// Every layer but the blocks, the activations and those of users.
pub(crate) static RULES: [&Rule; 18] = [
    &dense::RULE,
    &conv1d::RULE,
    &conv2d::RULE,
    &depthwise_conv2d::RULE,
    &max_pool1d::RULE,
    &max_pool2d::RULE,
    &avg_pool1d::RULE,
    &avg_pool2d::RULE,
    &global_avg_pool::RULE,
    &flatten::RULE,
    &dropout::RULE,
    &batch_norm::RULE,
    &layer_norm::RULE,
    &rnn::RULE,
    &gru::RULE,
    &lstm::RULE,
    &last::RULE,
    &transpose::RULE,
];

/// What stands in layers' types besides rules' words and sizes.
pub(crate) const IN_TYPES: [&str; 7] = ["Window1d", "Window2d", "EveryStep", "LastStep", "Rectified", "AS_DRAWN", "MeanOfSteps"];

/// The rule for a word.
pub(crate) fn rule(word: &str) -> Option<&'static Rule> {
    RULES.into_iter().find(|rule| rule.word == word)
}

/// What a layer makes of its input. After a mistake the shapes are those that the fix would give, as far as they are known.
pub(crate) struct Resolved {
    pub op: Op,
    /// The input, as the layer should have had it.
    pub input: Option<Shape>,
    pub output: Option<Shape>,
    /// Whether the layers after it can rely on the output.
    pub reliable: bool,
}

impl Resolved {
    pub(crate) fn new(op: Op, input: Option<Shape>, output: Option<Shape>) -> Self {
        Self { op, input, output, reliable: true }
    }

    pub(crate) fn layer(kind: impl BuiltIn + 'static, input: Option<Shape>, output: Option<Shape>) -> Self {
        Self::new(Op::Layer(Box::new(kind)), input, output)
    }
}

/// The number that a literal such as `1e-3` or `-2` is.
pub(crate) fn literal(value: &Expr) -> Option<f64> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(float) => float.base10_parse().ok(),
            Lit::Int(int) => int.base10_parse().ok(),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => literal(&unary.expr).map(|number| -number),
        Expr::Paren(inner) => literal(&inner.expr),
        Expr::Group(inner) => literal(&inner.expr),
        _ => None,
    }
}

/// `a`, `b` and `c`, in code quotes.
pub(crate) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => format!("`{word}`"),
        [words @ .., last] => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("{} and `{last}`", words.join(", "))
        }
    }
}

impl Scalar {
    /// As a type argument.
    pub(crate) fn tokens(self) -> TokenStream {
        match self {
            Self::F32 => quote!(f32),
            Self::F64 => quote!(f64),
        }
    }
}

impl Shape {
    /// The type of a value: `[[f32; 28]; 28]`.
    pub(crate) fn ty(&self, scalar: Scalar) -> TokenStream {
        self.0.iter().rev().fold(scalar.tokens(), |inner, size| {
            let size = size.tokens();
            quote!([#inner; #size])
        })
    }
}

impl Dim {
    /// As a type argument: `256`, `__NET_FC1`, `H`.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Known(n) => {
                let n = proc_macro2::Literal::usize_unsuffixed(*n);
                quote!(#n)
            }
            Self::Constant(name) | Self::Parameter(name) => quote!(#name),
            Self::Unknown => quote!(1),
        }
    }
}
