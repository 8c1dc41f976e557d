//! From nested layers to the list of steps of each struct.
//!
//! A network in a `static` is a part without a field (`PartType::Static`). The passes call what a function of the scope returns, whose
//! type rustc compares with the static's. It is frozen, so its gradients follow from the rule for frozen parts.

use std::collections::HashSet;
use std::rc::Rc;

use proc_macro2::{Span, TokenStream};
use quote::format_ident;
use syn::{Attribute, Ident};

use super::graph::{Graph, INPUT, Step, Value, ValueId};
use super::hygiene::ident;
use super::hygiene::shown;
use super::names::{Names, StructNames, name_parts, name_values, of_word};
use super::{KindOf, Pair, Part, PartType, Row, Struct, arena, backward, chain, prefix, rewrite, storage};
use crate::layer::Norm;
use crate::model::{Branch, Node, Op, OutputKind, Scalar, Shape};

/// What a struct is made from.
pub(super) struct Root {
    pub attributes: Vec<Attribute>,
    pub name: Ident,
    pub input: Shape,
    pub output: Shape,
    pub body: Vec<Node>,
    pub scalar: Scalar,
    pub is_generic: bool,
    pub user_words: HashSet<String>,
}

/// The struct of a network, followed by those of its blocks.
pub(super) fn structs(root: Root) -> Vec<Struct> {
    let title = shown(&root.name);
    let names = StructNames::new(&root.name.to_string(), root.user_words.iter().cloned());
    let mut builder = Builder::new(&root.name, &root.input, root.scalar, root.is_generic, Rc::new(root.user_words), names);
    let end = builder.chain(root.body, INPUT, OutputKind::Real);
    builder.finish(end, Finish { attributes: root.attributes, title, is_network: true, output: root.output }).0
}

/// A value and what it means.
struct End {
    value: ValueId,
    kind: KindOf,
}

struct Builder {
    name: Ident,
    scalar: Scalar,
    input: Shape,
    graph: Graph,
    rows: Vec<Row>,
    /// Names that the user gave types and paths.
    user_words: Rc<HashSet<String>>,
    struct_names: StructNames,
    sites: u64,
    learns: bool,
    /// Finished structs of blocks, in order.
    blocks: Vec<Struct>,
}

struct Finish {
    attributes: Vec<Attribute>,
    title: String,
    is_network: bool,
    output: Shape,
}

/// What a parent needs to know of a block's struct.
struct Built {
    name: Ident,
    facts: Facts,
    kind: KindOf,
}

/// A node without its operation: how a layer looks from outside.
#[derive(Clone)]
struct Outside {
    attributes: Vec<Attribute>,
    field: Option<Ident>,
    name: String,
    key: Option<String>,
    frozen: bool,
    initializer: TokenStream,
    written: String,
    input: Shape,
    output: Shape,
    norm: Option<Norm>,
}

impl Outside {
    fn span(&self) -> Span {
        self.field.as_ref().map_or_else(Span::call_site, Ident::span)
    }
}

/// Whether a layer or a layer inside it has parameters or state.
fn has_fields(node: &Node) -> bool {
    match &node.op {
        Op::Layer(kind) => kind.has_fields(),
        Op::Activation { .. } | Op::Dropout { .. } | Op::Flatten => false,
        Op::Residual { main, skip, .. } => main.iter().chain(skip.iter().flatten()).any(has_fields),
        Op::Concat { branches } => branches.iter().flat_map(|branch| &branch.body).any(has_fields),
        Op::Repeat { .. } => true,
        Op::Nested { place, .. } => place.is_none(),
    }
}

impl Builder {
    fn new(
        name: &Ident,
        input: &Shape,
        scalar: Scalar,
        is_generic: bool,
        user_words: Rc<HashSet<String>>,
        struct_names: StructNames,
    ) -> Self {
        let x = Value { shape: input.clone(), name: "x".into() };
        let graph = Graph { values: vec![x], steps: vec![], parts: vec![], is_generic };
        Self {
            name: name.clone(),
            scalar,
            input: input.clone(),
            graph,
            rows: vec![],
            user_words,
            struct_names,
            sites: 0,
            learns: true,
            blocks: vec![],
        }
    }

    /// Layers in a row, after `from` whose meaning is `kind`.
    fn chain(&mut self, nodes: Vec<Node>, from: ValueId, kind: OutputKind) -> End {
        let mut end = End { value: from, kind: KindOf::Known(kind) };
        for node in nodes {
            end = self.node(node, end);
        }
        end
    }

    fn node(&mut self, node: Node, from: End) -> End {
        let Node { attributes, name: field, key, frozen, initializer, written, input, output, op } = node;
        let name = field.as_ref().map_or_else(|| of_word(&written), shown);
        let outside = Outside { attributes, field, name, key, frozen, initializer, written, input, output, norm: None };
        match op {
            Op::Layer(kind) => {
                let ty = kind.ty(&outside.input, &outside.output, self.scalar);
                let (has_tape, has_workspace, has_state) = (kind.has_tape(), kind.has_workspace(), kind.has_state());
                let (parameters, kept) = (kind.parameters(&outside.input, &outside.output), kind.kept(&outside.input));
                let reads_input = kind.has_fields();
                let facts =
                    Facts { has_tape, has_workspace, has_state, reads_input, reads_output: false, parameters, kept, is_foreign: false };
                let norm = kind.norm().cloned();
                let outside = Outside { field: outside.field.filter(|_| kind.has_fields()), norm, ..outside };
                self.layer(outside, from.value, PartType::BuiltIn { alias: ident("Layer"), ty }, facts)
            }
            Op::Activation { value, known, kind, learns } => {
                self.learns &= learns;
                let y = self.step(outside, |y| Step::Activation { value, known, x: from.value, y });
                End { value: y, kind: KindOf::Known(kind) }
            }
            Op::Dropout { .. } if frozen => {
                self.row(&outside, None);
                from
            }
            Op::Dropout { rate } => {
                let site = self.site();
                let y = self.step(outside, |y| Step::Dropout { rate, site, x: from.value, y });
                End { value: y, kind: from.kind }
            }
            Op::Flatten => {
                let y = self.step(outside, |y| Step::Reshape { x: from.value, y });
                End { value: y, kind: from.kind }
            }
            Op::Residual { .. } | Op::Concat { .. } if outside.field.is_some() => {
                let block = self.block(&outside, |builder| {
                    let inner = Outside { field: None, key: None, attributes: vec![], name: of_word(&outside.written), ..outside.clone() };
                    builder.parallel(inner, op, INPUT, true)
                });
                self.sub_struct(outside, from.value, block)
            }
            Op::Residual { .. } | Op::Concat { .. } => self.parallel(outside, op, from.value, false),
            Op::Repeat { count, body } => {
                let block = self.block(&outside, |builder| builder.chain(body, INPUT, OutputKind::Real));
                let count_known = Shape(vec![count.clone()]).known_len();
                let times = |each: Option<usize>| Some(count_known? * each?);
                let (parameters, kept) = (times(block.facts.parameters), times(block.facts.kept));
                let facts = Facts { has_tape: true, has_workspace: true, parameters, kept, ..block.facts };
                self.layer(outside, from.value, PartType::Repeat { block: block.name, count }, facts)
            }
            Op::Nested { ty, place } => {
                let facts = Facts {
                    has_tape: true,
                    has_workspace: true,
                    has_state: true,
                    reads_input: true,
                    reads_output: true,
                    parameters: None,
                    kept: None,
                    is_foreign: true,
                };
                let ty = match place {
                    None => PartType::User(ty),
                    Some(place) => PartType::Static { ty, place, function: ident("body") },
                };
                self.layer(outside, from.value, ty, facts)
            }
        }
    }

    /// The steps of a `Residual` or `Concat`, in this struct. `named`: the struct is the block's own, and `skip` one of its fields.
    fn parallel(&mut self, outside: Outside, op: Op, x: ValueId, named: bool) -> End {
        let y = match op {
            Op::Residual { main, skip, skip_key } => {
                let a = self.chain(main, x, OutputKind::Real).value;
                let b = match skip {
                    None => x,
                    Some(skip) if named && skip.iter().any(has_fields) => {
                        let field = Ident::new("skip", outside.span());
                        let skip_outside =
                            Outside { name: "skip".into(), key: skip_key, written: "skip".into(), field: Some(field), ..outside.clone() };
                        let block = self.block(&skip_outside, |builder| builder.chain(skip, INPUT, OutputKind::Real));
                        self.sub_struct(skip_outside, x, block).value
                    }
                    Some(skip) => self.chain(skip, x, OutputKind::Real).value,
                };
                self.step(outside, |y| Step::Sum { a, b, y })
            }
            Op::Concat { branches } => {
                let (mut xs, mut kinds) = (vec![], vec![]);
                for Branch { name, key, input, output, body } in branches {
                    let branch =
                        Outside { name: shown(&name), key, written: shown(&name), field: Some(name), input, output, ..outside.clone() };
                    let block = self.block(&branch, |builder| builder.chain(body, INPUT, OutputKind::Real));
                    kinds.push(block.kind.clone());
                    xs.push(self.sub_struct(branch, x, block).value);
                }
                let y = self.step(outside, |y| Step::Gather { xs, y });
                // Yes or no each, in every branch; other meanings hold of a branch alone.
                let is_bernoulli = kinds.iter().all(|kind| matches!(kind, KindOf::Known(OutputKind::Bernoulli)));
                return End { value: y, kind: KindOf::Known(if is_bernoulli { OutputKind::Bernoulli } else { OutputKind::Real }) };
            }
            _ => return End { value: x, kind: KindOf::Known(OutputKind::Real) },
        };
        End { value: y, kind: KindOf::Known(OutputKind::Real) }
    }

    /// A step that is no layer of its own.
    fn step(&mut self, outside: Outside, step: impl FnOnce(ValueId) -> Step) -> ValueId {
        self.row(&outside, None);
        let y = self.value(outside.output, &outside.name);
        self.graph.steps.push(step(y));
        y
    }

    /// A call of a generated struct.
    fn sub_struct(&mut self, outside: Outside, x: ValueId, block: Built) -> End {
        self.layer(outside, x, PartType::Block(block.name), block.facts)
    }

    fn layer(&mut self, outside: Outside, x: ValueId, ty: PartType, facts: Facts) -> End {
        let part = self.graph.parts.len();
        self.row(&outside, Some(part));
        let Outside { attributes, field, name, key, frozen, initializer, written, input, output, norm } = outside;
        let y = self.value(output.clone(), &name);
        let kind = match ty {
            PartType::BuiltIn { .. } => KindOf::Known(OutputKind::Real),
            PartType::Block(_) | PartType::Repeat { .. } | PartType::User(_) | PartType::Static { .. } => KindOf::Part(part),
        };
        let site = self.site();
        // What lies in a static is no field, and its parameters are not the network's.
        let is_static = matches!(ty, PartType::Static { .. });
        let field = field.filter(|_| !is_static);
        let facts = if is_static { Facts { parameters: Some(0), kept: Some(0), ..facts } } else { facts };
        self.graph.parts.push(Part {
            key: key.unwrap_or_else(|| name.clone()),
            field,
            attributes,
            written,
            input,
            output,
            ty,
            initializer,
            site,
            frozen,
            tape: facts.has_tape.then(|| ident(&name)),
            workspace: facts.has_workspace.then(|| ident(&name)),
            has_state: facts.has_state,
            is_prefix: false,
            forward_workspace: None,
            reads_input: facts.reads_input,
            reads_output: facts.reads_output,
            parameters: facts.parameters,
            kept: facts.kept,
            is_foreign: facts.is_foreign,
            norm,
            pair: Pair::Alone,
        });
        self.graph.steps.push(Step::Layer { part, x, y });
        End { value: y, kind }
    }

    fn row(&mut self, outside: &Outside, part: Option<usize>) {
        let name = outside.field.as_ref().map(shown).unwrap_or_default();
        let Outside { written, output, frozen, .. } = outside.clone();
        self.rows.push(Row { name, written, output, frozen, part });
    }

    /// The struct of a block, made by `body`.
    fn block(&mut self, outside: &Outside, body: impl FnOnce(&mut Self) -> End) -> Built {
        let name = self.struct_names.take(&self.name.to_string(), &outside.name);
        let name = Ident::new(&name, self.name.span());
        let (words, names) = (Rc::clone(&self.user_words), self.struct_names.clone());
        let mut builder = Self::new(&name, &outside.input, self.scalar, self.graph.is_generic, words, names);
        let end = body(&mut builder);
        self.learns &= builder.learns;
        let finish = Finish { attributes: vec![], title: outside.written.clone(), is_network: false, output: outside.output.clone() };
        let (structs, built) = builder.finish(end, finish);
        self.blocks.extend(structs);
        built
    }

    fn value(&mut self, shape: Shape, name: &str) -> ValueId {
        self.graph.values.push(Value { shape, name: name.to_owned() });
        self.last()
    }

    fn last(&self) -> ValueId {
        self.graph.values.len() - 1
    }

    fn site(&mut self) -> u64 {
        self.sites += 1;
        self.sites - 1
    }

    fn finish(self, end: End, finish: Finish) -> (Vec<Struct>, Built) {
        let Self { name, input, mut graph, rows, learns, blocks, user_words, .. } = self;
        rewrite::pool_before_relu(&mut graph);
        rewrite::pair_with_pools(&mut graph);
        let output = storage::finish_with_output(&mut graph, end.value);
        name_values(&mut graph);
        name_parts(&mut graph, &name, &user_words);
        let mut infer = storage::infer(&graph, output);
        chain::link(&mut infer.steps, &graph.parts);
        let mut forward = storage::forward(&graph, output);
        let backward = backward::backward(&graph, output, &forward);
        let reads_output = backward.reads_output(&graph);
        let mut fields = Names::new(forward.slots.iter().chain(&backward.slots).map(|slot| slot.name.clone()));
        let mut workspace_fields = Names::new(infer.slots.iter().map(|slot| slot.name.clone()));
        for part in &mut graph.parts {
            part.tape = part.tape.take().map(|name| fields.take(&format!("{name}_tape")));
            part.workspace = part.workspace.take().map(|name| workspace_fields.take(&name.to_string()));
        }
        // What lies inside a network may be asked for `dx` in every step; then running again costs more than keeping.
        let prefix = if finish.is_network { prefix::prefix(&mut graph, &forward, &backward) } else { None };
        let arena = arena::arena(&graph, &forward, &backward, prefix.as_ref(), fields.take("memory"));
        if prefix.is_none() {
            chain::link_relus(&mut forward.steps, &graph.parts);
        }
        for part in graph.parts.iter_mut().filter(|part| part.is_prefix) {
            part.forward_workspace = part.workspace.as_ref().map(|name| fields.take(&format!("{name}_workspace")));
        }
        let has_tape = !forward.slots.is_empty() || !backward.slots.is_empty() || graph.parts.iter().any(|part| part.tape.is_some());
        let has_workspace = !infer.slots.is_empty() || graph.parts.iter().any(|part| part.workspace.is_some());
        let has_state = graph.parts.iter().any(|part| part.has_state && !part.frozen);
        let parameters = graph.parts.iter().map(|part| part.parameters).sum();
        let kept = graph.parts.iter().map(|part| part.kept).sum();
        let is_foreign = graph.parts.iter().any(|part| part.is_foreign);
        let facts = Facts { has_tape, has_workspace, has_state, reads_input: true, reads_output, parameters, kept, is_foreign };
        let built = Built { name: name.clone(), facts, kind: end.kind.clone() };
        let mut structs = vec![Struct {
            gradient: format_ident!("{name}Gradient"),
            tape: format_ident!("{name}Tape"),
            workspace: format_ident!("{name}Workspace"),
            name,
            is_network: finish.is_network,
            attributes: finish.attributes,
            title: finish.title,
            input,
            output: finish.output,
            parts: graph.parts,
            rows,
            kind: end.kind,
            learns,
            parameters,
            kept,
            infer,
            forward,
            backward,
            arena,
            prefix,
        }];
        structs.extend(blocks);
        (structs, built)
    }
}

/// What the plan has to know of a layer.
#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts")]
struct Facts {
    has_tape: bool,
    has_workspace: bool,
    has_state: bool,
    reads_input: bool,
    reads_output: bool,
    /// How many numbers it learns, where literals say so.
    parameters: Option<usize>,
    kept: Option<usize>,
    /// Whether a user's layer is or lies in it, which may only predict.
    is_foreign: bool,
}
