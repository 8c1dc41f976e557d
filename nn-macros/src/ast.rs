//! What the user wrote, with its tokens, so that any part of it can be underlined.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, ConstParam, Expr, Ident, Visibility};

use crate::text;

/// `pub struct LeNet5: [1, 28, 28] -> [10] { … }`
pub(crate) struct Declaration {
    /// The path by which the user's crate reaches nn-core: `$crate`.
    pub krate: TokenStream,
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub generics: Vec<ConstParam>,
    /// `None` where nothing readable stands; the mistake is reported.
    pub input: Option<Sizes>,
    pub output: Option<Sizes>,
    pub body: Vec<Item>,
}

/// `[1, 28, 28]`
#[derive(Clone)]
pub(crate) struct Sizes {
    /// The brackets and what they hold.
    pub span: Span,
    pub sizes: Vec<Expr>,
}

/// A layer in its place: `#[frozen] conv1: Conv2d(6, kernel = 5) -> [6, 24, 24]`.
pub(crate) struct Item {
    pub attributes: Vec<Attribute>,
    pub name: Option<Ident>,
    pub what: What,
    pub stated: Option<Sizes>,
}

pub(crate) enum What {
    /// `Conv2d(6, kernel = 5)`, `Residual { … }`, `Repeat(3) { … }`
    Word { word: Ident, arguments: Option<Arguments>, block: Option<Block> },
    /// `my::Scale<32>`
    Path { path: TokenStream, span: Span },
    /// `&Body(BODY)`
    Reference { path: TokenStream, span: Span, place: TokenStream },
}

/// `(6, kernel = 5)`
pub(crate) struct Arguments {
    /// The parentheses and what they hold.
    pub span: Span,
    pub list: Vec<Argument>,
}

/// `6`, or `kernel = 5`
pub(crate) struct Argument {
    pub keyword: Option<Ident>,
    /// `None` where nothing readable stands; the mistake is reported.
    pub value: Option<Expr>,
}

/// What stands in a block's braces.
pub(crate) struct Block {
    pub span: Span,
    /// Whether a part of it could not be read; the mistake is reported.
    pub broken: bool,
    pub content: Content,
}

pub(crate) enum Content {
    /// `main: { … }, skip: { … }`
    Branches(Vec<Branch>),
    /// Layers in order.
    Layers(Vec<Item>),
}

/// `#[key("downsample")] skip: { … }`
pub(crate) struct Branch {
    pub attributes: Vec<Attribute>,
    pub name: Ident,
    pub body: Vec<Item>,
}

impl Item {
    /// What an error about the layer as a whole underlines: its word.
    pub(crate) fn span(&self) -> Span {
        match &self.what {
            What::Word { word, .. } => word.span(),
            What::Path { span, .. } | What::Reference { span, .. } => *span,
        }
    }

    /// As the user wrote it, without its name: `Conv2d(6, kernel = 5)`.
    pub(crate) fn written(&self) -> String {
        match &self.what {
            What::Word { word, arguments, block } => {
                let arguments = arguments.as_ref().map_or_else(String::new, Arguments::written);
                let block = if block.is_some() { " { … }" } else { "" };
                format!("{word}{arguments}{block}")
            }
            What::Path { path, .. } => text::of(path),
            What::Reference { path, place, .. } => format!("&{}({})", text::of(path), text::of(place)),
        }
    }

    /// As messages name it: `fc1: Dense(120)`.
    pub(crate) fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{name}: {}", self.written()),
            None => self.written(),
        }
    }
}

impl Arguments {
    fn written(&self) -> String {
        let list: Vec<String> = self
            .list
            .iter()
            .map(|Argument { keyword, value }| {
                let value = value.as_ref().map_or_else(|| "…".into(), text::of);
                keyword.as_ref().map_or_else(|| value.clone(), |keyword| format!("{keyword} = {value}"))
            })
            .collect();
        format!("({})", list.join(", "))
    }
}
