//! Where the values between the steps live, and what happens in place.
//!
//! Activations overwrite the buffer of the layer before them, where their derivative can be had from the output (`Known::Output`); in
//! backward they turn `dy` into `dz` in place. That is sound because built-in layers never read their own output in `backward`. After a
//! user's layer or a nested network the activation gets a buffer of its own.
//!
//! The values of inference share a few buffers by their lives (`plain::packed_mut`). Where sizes are constants of the user's, which the
//! macro does not know, each value has a field of its own; with const parameters nothing is shared.

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::Ident;

use super::graph::{Graph, INPUT, Step, Value, ValueId};
use crate::model::{Dim, Known, Shape};

/// What a forward pass does, in order, and the memory that it does it in.
pub(crate) struct Storage {
    pub steps: Vec<Do>,
    /// The local variables.
    pub buffers: Vec<Buffer>,
    /// The fields of the workspace or tape that they lie in.
    pub slots: Vec<Slot>,
    /// The first statement of each step of the graph.
    pub(super) starts: Vec<usize>,
    /// Where each value is, for `backward`.
    pub(super) homes: Vec<Home>,
}

/// A local variable that holds values of a batch.
pub(crate) struct Buffer {
    pub name: Ident,
    pub shape: Shape,
    /// The field that it lies in.
    pub slot: usize,
}

/// A field of the workspace or tape.
pub(crate) struct Slot {
    pub name: Ident,
    pub size: SlotSize,
}

/// How large a field is.
pub(crate) enum SlotSize {
    /// For values of one shape.
    Of(Shape),
    /// For several shapes in turn: so many numbers as the largest has.
    Largest(Vec<Shape>),
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// The caller's `x`.
    Input,
    /// The caller's `y`.
    Output,
    /// A local variable.
    Buffer(usize),
}

/// A value as an argument: where it lies, and under which shape it is read or written.
#[derive(Clone)]
pub(crate) struct Operand {
    pub home: Home,
    pub shape: Shape,
}

/// A dense layer's place among those that it shares values with.
#[derive(Clone)]
pub(crate) struct Chain {
    /// The inputs of the first, then the outputs of each.
    pub sizes: Vec<Dim>,
    /// Its number among them.
    pub at: usize,
    /// Whether a `Relu` follows, which is then part of the statement.
    pub relu: bool,
}

/// One statement of a forward pass.
pub(crate) enum Do {
    Layer {
        part: usize,
        x: Operand,
        y: Operand,
    },
    /// In use: a dense layer that knows of its neighbours, and a `Relu` behind it.
    Chained {
        part: usize,
        x: Operand,
        y: Operand,
        chain: Chain,
    },
    /// `y = f(y)`
    Activate {
        value: TokenStream,
        y: Operand,
    },
    /// `y = f(x)`
    ActivateInto {
        value: TokenStream,
        x: Operand,
        y: Operand,
    },
    Drop {
        rate: TokenStream,
        site: u64,
        y: Operand,
    },
    Copy {
        x: Operand,
        y: Operand,
    },
    /// `y += x`
    Add {
        x: Operand,
        y: Operand,
    },
    /// `y = a + b`
    Sum {
        a: Operand,
        b: Operand,
        y: Operand,
    },
    Gather {
        xs: Vec<Operand>,
        y: Operand,
    },
}

impl Do {
    pub(crate) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::Activate { y, .. } | Self::Drop { y, .. } => vec![y],
            Self::Layer { x, y, .. }
            | Self::Chained { x, y, .. }
            | Self::ActivateInto { x, y, .. }
            | Self::Copy { x, y }
            | Self::Add { x, y } => vec![x, y],
            Self::Sum { a, b, y } => vec![a, b, y],
            Self::Gather { xs, y } => xs.iter().chain([y]).collect(),
        }
    }
}

/// The value to return: `end`, or a copy where it would be the input itself.
pub(super) fn finish_with_output(graph: &mut Graph, end: ValueId) -> ValueId {
    if origin(graph, end, false) != INPUT {
        return end;
    }
    let shape = graph.values[end].shape.clone();
    graph.values.push(Value { shape, name: "copy".into() });
    let y = graph.values.len() - 1;
    graph.steps.push(Step::Copy { x: end, y });
    y
}

/// Whether a step leaves its input as it is: another shape, or dropout in use.
fn is_alias(step: &Step, training: bool) -> bool {
    matches!(step, Step::Reshape { .. }) || !training && matches!(step, Step::Dropout { .. })
}

/// The value that `value` is another name of.
fn origin(graph: &Graph, mut value: ValueId, training: bool) -> ValueId {
    while let Some(step) = graph.writer(value).filter(|step| is_alias(step, training)) {
        value = step.inputs()[0];
    }
    value
}

/// In use: every value's memory is free after its last reader; nothing is kept.
pub(super) fn infer(graph: &Graph, output: ValueId) -> Storage {
    let places = Places::new(graph, output, false);
    let steps = places.statements(graph);
    let mut slots = Slots::default();
    let buffers = places.buffers();
    let slot_of: Vec<usize> =
        buffers.zip(lives(&steps.0)).map(|(buffer, life)| slots.take(&buffer.shape, life, graph.is_generic)).collect();
    let letters = ('a'..='z').map(String::from).chain((0..).map(|i| format!("buffer{i}")));
    places.storage(steps, &slot_of, slots.named(letters))
}

/// While training: every value stays for `backward`.
pub(super) fn forward(graph: &Graph, output: ValueId) -> Storage {
    let places = Places::new(graph, output, true);
    let steps = places.statements(graph);
    let slots: Vec<Slot> =
        places.buffers().map(|buffer| Slot { name: buffer.name.clone(), size: SlotSize::Of(buffer.shape.clone()) }).collect();
    let slot_of: Vec<usize> = (0..slots.len()).collect();
    places.storage(steps, &slot_of, slots)
}

/// Values that lie in the same place, one after another.
struct Class {
    name: Ident,
    shape: Shape,
    home: Home,
}

struct Places {
    /// The class of each value.
    of: Vec<usize>,
    classes: Vec<Class>,
    training: bool,
}

impl Places {
    fn new(graph: &Graph, output: ValueId, training: bool) -> Self {
        let mut this = Self { of: vec![0; graph.values.len()], classes: vec![], training };
        this.class(graph, INPUT);
        for (at, step) in graph.steps.iter().enumerate() {
            let y = step.output();
            match step.inputs().into_iter().find(|x| this.in_place(graph, at, *x)) {
                Some(x) => this.of[y] = this.of[x],
                None => this.class(graph, y),
            }
        }
        let end = this.of[output];
        let mut buffers = 0;
        for (class, place) in this.classes.iter_mut().enumerate() {
            place.home = if class == 0 {
                Home::Input
            } else if class == end {
                Home::Output
            } else {
                buffers += 1;
                Home::Buffer(buffers - 1)
            };
        }
        this
    }

    fn class(&mut self, graph: &Graph, value: ValueId) {
        self.of[value] = self.classes.len();
        let Value { shape, name } = &graph.values[value];
        self.classes.push(Class { name: super::hygiene::ident(name), shape: shape.clone(), home: Home::Input });
    }

    /// Whether step number `at` may leave its output where its input `x` is.
    fn in_place(&self, graph: &Graph, at: usize, x: ValueId) -> bool {
        let step = &graph.steps[at];
        if is_alias(step, self.training) {
            return true;
        }
        let works_in_place = matches!(step, Step::Activation { .. } | Step::Dropout { .. } | Step::Sum { .. });
        let value = origin(graph, x, self.training);
        let is_it = |x: &ValueId| origin(graph, *x, self.training) == value;
        if !works_in_place || value == INPUT || self.of[x] == 0 || step.inputs().iter().filter(|x| is_it(x)).count() > 1 {
            return false;
        }
        let mut other_readers = graph
            .steps
            .iter()
            .enumerate()
            .filter(|(other, reader)| *other != at && !is_alias(reader, self.training) && reader.inputs().iter().any(is_it));
        if self.training {
            // `backward` must still find what it reads: what other steps took in, and what the writer of `x` put out.
            let writer_reads = graph.writer(value).is_some_and(|writer| reads_output(graph, writer));
            !writer_reads && !reads_own_input(step) && other_readers.all(|(other, reader)| other < at && !reads_input(reader))
        } else {
            other_readers.all(|(other, _)| other < at)
        }
    }

    fn operand(&self, graph: &Graph, value: ValueId) -> Operand {
        Operand { home: self.classes[self.of[value]].home, shape: graph.values[value].shape.clone() }
    }

    fn statements(&self, graph: &Graph) -> (Vec<Do>, Vec<usize>) {
        let at = |value: &ValueId| self.operand(graph, *value);
        let same = |a: &ValueId, b: &ValueId| self.of[*a] == self.of[*b];
        let (mut statements, mut starts) = (vec![], vec![]);
        for step in &graph.steps {
            starts.push(statements.len());
            match step {
                Step::Layer { part, x, y } => statements.push(Do::Layer { part: *part, x: at(x), y: at(y) }),
                Step::Activation { value, x, y, .. } if same(x, y) => statements.push(Do::Activate { value: value.clone(), y: at(y) }),
                Step::Activation { value, x, y, .. } => statements.push(Do::ActivateInto { value: value.clone(), x: at(x), y: at(y) }),
                step if is_alias(step, self.training) => {}
                Step::Dropout { rate, site, x, y } => {
                    if !same(x, y) {
                        statements.push(Do::Copy { x: at(x), y: at(y) });
                    }
                    statements.push(Do::Drop { rate: rate.clone(), site: *site, y: at(y) });
                }
                Step::Sum { a, b, y } if same(a, y) => statements.push(Do::Add { x: at(b), y: at(y) }),
                Step::Sum { a, b, y } if same(b, y) => statements.push(Do::Add { x: at(a), y: at(y) }),
                Step::Sum { a, b, y } => statements.push(Do::Sum { a: at(a), b: at(b), y: at(y) }),
                Step::Gather { xs, y } => statements.push(Do::Gather { xs: xs.iter().map(at).collect(), y: at(y) }),
                Step::Reshape { x, y } | Step::Copy { x, y } => statements.push(Do::Copy { x: at(x), y: at(y) }),
            }
        }
        (statements, starts)
    }

    /// The classes that are local variables.
    fn buffers(&self) -> impl Iterator<Item = &Class> {
        self.classes.iter().filter(|class| matches!(class.home, Home::Buffer(_)))
    }

    fn storage(self, (steps, starts): (Vec<Do>, Vec<usize>), slot_of: &[usize], slots: Vec<Slot>) -> Storage {
        let homes = self.of.iter().map(|class| self.classes[*class].home).collect();
        let buffer = |(class, slot): (&Class, &usize)| Buffer { name: class.name.clone(), shape: class.shape.clone(), slot: *slot };
        let buffers = self.buffers().zip(slot_of).map(buffer).collect();
        Storage { steps, buffers, slots, starts, homes }
    }
}

/// Whether the backward pass of a step reads what the step put out.
pub(super) fn reads_output(graph: &Graph, step: &Step) -> bool {
    match step {
        Step::Layer { part, .. } => graph.parts[*part].reads_output,
        Step::Activation { known, .. } => *known == Known::Output,
        _ => false,
    }
}

/// Whether the backward pass of a step reads what the step took in.
fn reads_input(step: &Step) -> bool {
    matches!(step, Step::Layer { .. }) || reads_own_input(step)
}

fn reads_own_input(step: &Step) -> bool {
    matches!(step, Step::Activation { known: Known::Input, .. })
}

/// From which statement to which each variable is in use.
fn lives(steps: &[Do]) -> Vec<(usize, usize)> {
    let mut lives: Vec<(usize, usize)> = vec![];
    for (at, step) in steps.iter().enumerate() {
        for operand in step.operands() {
            if let Home::Buffer(buffer) = operand.home {
                if lives.len() <= buffer {
                    lives.resize(buffer + 1, (at, at));
                }
                lives[buffer].1 = at;
            }
        }
    }
    lives
}

/// Hands out fields to buffers whose lives do not overlap.
#[derive(Default)]
pub(super) struct Slots(Vec<(usize, Vec<Shape>)>);

impl Slots {
    /// A field for a buffer in use from one statement to another; buffers come in the order of their first use.
    pub(super) fn take(&mut self, shape: &Shape, (first, last): (usize, usize), is_generic: bool) -> usize {
        let free = self.0.iter_mut().enumerate().filter(|(_, (until, _))| *until < first && !is_generic);
        // The one that has to grow least.
        let best = free.min_by_key(|(_, (_, shapes))| {
            let room = shapes.iter().filter_map(Shape::known_len).max().unwrap_or(0);
            shape.known_len().unwrap_or(0).abs_diff(room)
        });
        if let Some((slot, (until, shapes))) = best {
            *until = last;
            if !shapes.contains(shape) {
                shapes.push(shape.clone());
            }
            return slot;
        }
        self.0.push((last, vec![shape.clone()]));
        self.0.len() - 1
    }

    pub(super) fn named(self, names: impl Iterator<Item = String>) -> Vec<Slot> {
        let slots = self.0.into_iter().zip(names);
        slots
            .map(|((_, mut shapes), name)| Slot {
                name: format_ident!("{name}"),
                size: if shapes.len() == 1 { SlotSize::Of(shapes.remove(0)) } else { SlotSize::Largest(shapes) },
            })
            .collect()
    }
}
