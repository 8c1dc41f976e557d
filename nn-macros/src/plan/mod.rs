//! Decides everything that generated code does, so that expansion cannot fail: which structs there are, which buffers live when and share
//! memory, what happens in place, and which gradients nobody needs.
//!
//! - [`flatten`] turns the nested layers into one list of steps for each struct, a [`graph`].
//! - [`rewrite`] changes their order where that costs less.
//! - [`storage`] gives every value between the steps a place.
//! - [`chain`] joins dense layers whose values nobody else reads.
//! - [`hygiene`] keeps the user's words and ours apart.
//! - [`backward`] reverses the steps and gives every gradient a place.
//! - [`prefix`] keeps nothing of frozen layers before everything that learns.
//! - [`arena`] lets values and gradients of a training step share memory.
//! - [`lives`] finds the places for that.

mod arena;
mod backward;
mod chain;
mod flatten;
mod graph;
pub(crate) mod hygiene;
mod lives;
pub(crate) mod names;
mod prefix;
mod rewrite;
mod storage;

use std::collections::HashSet;

use proc_macro2::TokenStream;
use syn::{Attribute, ConstParam, Ident, Visibility};

pub(crate) use arena::Arena;
pub(crate) use backward::{Backward, GradientHome, GradientOperand, Undo};
pub(crate) use lives::Extent;
pub(crate) use prefix::Prefix;
pub(crate) use storage::{Chain, Do, Home, Operand, Slot, SlotSize, Storage};

use crate::layer::Norm;
use crate::model::{Constant, Dim, Limit, Network, Optimize, OutputKind, Scalar, Shape};

/// The structs that a declaration becomes, and what stands around them.
pub(crate) struct Plan {
    pub krate: TokenStream,
    pub visibility: Visibility,
    pub generics: Vec<ConstParam>,
    pub scalar: Scalar,
    pub optimize: Optimize,
    pub constants: Vec<Constant>,
    pub assertions: Vec<TokenStream>,
    pub words: Vec<TokenStream>,
    pub parameter_checks: Vec<TokenStream>,
    pub flash_budget: Option<Limit>,
    pub ram_budget: Option<Limit>,
    /// Words that the user and generated code both say, and mean differently.
    pub clashes: HashSet<String>,
    /// The network, then its named blocks.
    pub structs: Vec<Struct>,
}

/// A struct that implements `Layer`: the network, or a named block of it.
pub(crate) struct Struct {
    pub name: Ident,
    /// The struct that holds its gradient; the types that `forward` and `infer` work in.
    pub gradient: Ident,
    pub tape: Ident,
    pub workspace: Ident,
    /// The whole network, not a block.
    pub is_network: bool,
    /// The user's docs and other attributes.
    pub attributes: Vec<Attribute>,
    /// As `Spec` names it.
    pub title: String,
    pub input: Shape,
    pub output: Shape,
    pub parts: Vec<Part>,
    pub rows: Vec<Row>,
    pub kind: KindOf,
    /// Whether no `Step` is in it; with one, the network only predicts.
    pub learns: bool,
    /// How many numbers it learns, where literals say so.
    pub parameters: Option<usize>,
    /// How many it keeps along without learning them.
    pub kept: Option<usize>,
    pub infer: Storage,
    pub forward: Storage,
    pub backward: Backward,
    /// The tape's memory, where literals say all sizes; fields of their own where they do not.
    pub arena: Option<Arena>,
    /// Frozen layers before everything that learns.
    pub prefix: Option<Prefix>,
}

/// Something with a `Layer` implementation that a struct calls.
#[allow(clippy::struct_excessive_bools, reason = "independent facts")]
pub(crate) struct Part {
    /// How it is reached: `self.conv1`, or without parameters the type's only value.
    pub field: Option<Ident>,
    /// The user's docs.
    pub attributes: Vec<Attribute>,
    pub key: String,
    pub written: String,
    pub input: Shape,
    pub output: Shape,
    pub ty: PartType,
    pub initializer: TokenStream,
    /// Its number among everything in the struct that may draw random numbers.
    pub site: u64,
    pub frozen: bool,
    /// Its fields on the tape and in the workspace, where it has any.
    pub tape: Option<Ident>,
    pub workspace: Option<Ident>,
    /// Whether `finish` has something to do.
    pub has_state: bool,
    /// Whether it is frozen before everything that learns, and runs as in use.
    pub is_prefix: bool,
    /// Its field on the tape where it then works.
    pub forward_workspace: Option<Ident>,
    /// Whether `backward` reads what `forward` took in.
    pub reads_input: bool,
    /// Whether `backward` reads what `forward` wrote, so that nothing may change it in place.
    pub reads_output: bool,
    /// How many numbers it learns, where literals say so.
    pub parameters: Option<usize>,
    /// How many it keeps along without learning them.
    pub kept: Option<usize>,
    /// Whether a user's layer is or lies in it, which may only predict.
    pub is_foreign: bool,
    /// The normalisation that is folded into it.
    pub norm: Option<Norm>,
    /// With what it shares a kernel.
    pub pair: Pair,
}

/// Whether a layer and the next one may be computed as one: see nn-core's `layer::pooled`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    Alone,
    /// A convolution that only the pool with this number reads.
    Before(usize),
    /// That pool.
    After,
}

impl Part {
    /// Whether a gradient is stored for it.
    pub(crate) fn learns(&self) -> bool {
        self.field.is_some() && !self.frozen
    }
}

impl Struct {
    /// How many numbers its values take, where literals say so.
    pub(crate) fn numbers(&self) -> Option<usize> {
        self.parameters?.checked_add(self.kept?)
    }
}

impl Plan {
    /// How many numbers the workspace of a struct takes, where literals say so.
    pub(crate) fn workspace_numbers(&self, own: &Struct) -> Option<usize> {
        let slots = own.infer.slots.iter().map(|slot| match &slot.size {
            SlotSize::Of(shape) => shape.known_len(),
            SlotSize::Largest(shapes) => shapes.iter().map(Shape::known_len).max()?,
        });
        let parts = own.parts.iter().filter(|part| part.workspace.is_some()).map(|part| match &part.ty {
            PartType::Block(name) | PartType::Repeat { block: name, .. } => {
                let block = self.structs.iter().find(|block| block.name == *name)?;
                let carried = matches!(part.ty, PartType::Repeat { .. }).then(|| part.output.known_len()).unwrap_or(Some(0));
                self.workspace_numbers(block)?.checked_add(carried?)
            }
            _ => None,
        });
        slots.chain(parts).sum()
    }
}

/// The type of a [`Part`].
pub(crate) enum PartType {
    /// A layer of nn-core, under a short name of its own: `type Conv1 = layer::Conv2d<…>;`.
    BuiltIn { alias: Ident, ty: TokenStream },
    /// A generated struct.
    Block(Ident),
    /// `[block; count]`.
    Repeat { block: Ident, count: Dim },
    /// The user's own.
    User(TokenStream),
    /// The user's own in a `static`, which a function gives.
    Static { ty: TokenStream, place: TokenStream, function: Ident },
}

/// A line of the summary.
pub(crate) struct Row {
    pub name: String,
    pub written: String,
    pub output: Shape,
    pub frozen: bool,
    pub part: Option<usize>,
}

/// What an output means.
#[derive(Clone)]
pub(crate) enum KindOf {
    Known(OutputKind),
    /// As the part with this number says.
    Part(usize),
}

/// Plans a network.
pub(crate) fn plan(mut network: Network) -> Plan {
    let user_words = hygiene::user_words(&mut network);
    let clashes: HashSet<String> = hygiene::own_words().filter(|word| user_words.contains(*word)).map(str::to_owned).collect();
    hygiene::mark(&mut network, &clashes);
    let Network { krate, attributes, visibility, name, generics, scalar, optimize, input, output, body, .. } = network;
    let is_generic = !generics.is_empty();
    let structs = flatten::structs(flatten::Root { attributes, name, input, output, body, scalar, is_generic, user_words });
    Plan {
        krate,
        visibility,
        generics,
        scalar,
        optimize,
        constants: network.constants,
        assertions: network.assertions,
        words: network.words,
        parameter_checks: network.parameter_checks,
        flash_budget: network.flash_budget,
        ram_budget: network.ram_budget,
        clashes,
        structs,
    }
}

impl Shape {
    /// How many numbers, where literals say so.
    pub(crate) fn known_len(&self) -> Option<usize> {
        self.0.iter().try_fold(1_usize, |product, dim| match dim {
            Dim::Known(n) => product.checked_mul(*n),
            _ => None,
        })
    }
}
