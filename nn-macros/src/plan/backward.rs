//! The steps in reverse: which gradients are computed, in which order, and where they lie.
//!
//! A value's gradient is wanted always where something before it learns, else only when the caller asks for `dx`. The last reader of a
//! value is the first to know its gradient and writes it; the others add to it. Activations, dropout and sums pass gradients on in place.
//!
//! A gradient before which nothing learns is an `Option` in generated code, and what only it needs stands under one `if let`. So a
//! frozen body costs nothing in backward, and blocks, branches and nesting need no rule of their own.

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::Ident;

use super::Part;
use super::graph::{Graph, INPUT, Step, ValueId};
use super::names::Names;
use super::storage::{Home, Operand, Slot, Slots, Storage};
use crate::model::{Known, Shape};

/// What the backward pass does, in order, and the memory that it does it in.
pub(crate) struct Backward {
    pub steps: Vec<Undo>,
    pub gradients: Vec<Gradient>,
    /// The fields of the tape that they lie in.
    pub slots: Vec<Slot>,
}

/// The gradient of one value after another.
pub(crate) struct Gradient {
    pub name: Ident,
    pub shape: Shape,
    pub home: GradientHome,
    /// Only there when the caller asks for `dx`.
    pub optional: bool,
}

/// Where a gradient lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum GradientHome {
    /// The caller's `dx`.
    Dx,
    /// The caller's `dy`.
    Dy,
    /// A field of the tape.
    Slot(usize),
}

/// A gradient as an argument.
#[derive(Clone)]
pub(crate) struct GradientOperand {
    pub gradient: usize,
    pub shape: Shape,
}

/// One statement of the backward pass.
pub(crate) enum Undo {
    Layer {
        part: usize,
        x: Operand,
        y: Operand,
        dy: GradientOperand,
        dx: GradientOperand,
    },
    /// In place; `known` is the activation's output, or its input where it computes from that.
    Activate {
        value: TokenStream,
        known: Operand,
        d: GradientOperand,
    },
    Drop {
        rate: TokenStream,
        site: u64,
        d: GradientOperand,
    },
    Copy {
        to: GradientOperand,
        from: GradientOperand,
    },
    Add {
        to: GradientOperand,
        from: GradientOperand,
    },
    Scatter {
        from: GradientOperand,
        to: Vec<GradientOperand>,
    },
}

impl Undo {
    /// The values of the forward pass that it reads.
    pub(crate) fn values(&self, parts: &[Part]) -> Vec<&Operand> {
        match self {
            Self::Layer { part, x, y, .. } => {
                let part = &parts[*part];
                [(x, part.reads_input), (y, part.reads_output)].into_iter().filter(|(_, reads)| *reads).map(|(value, _)| value).collect()
            }
            Self::Activate { known, .. } => vec![known],
            Self::Drop { .. } | Self::Copy { .. } | Self::Add { .. } | Self::Scatter { .. } => vec![],
        }
    }

    pub(crate) fn gradients(&self) -> Vec<usize> {
        match self {
            Self::Layer { dy, dx, .. } => vec![dy.gradient, dx.gradient],
            Self::Activate { d, .. } | Self::Drop { d, .. } => vec![d.gradient],
            Self::Copy { to, from } | Self::Add { to, from } => vec![to.gradient, from.gradient],
            Self::Scatter { from, to } => [from].into_iter().chain(to).map(|operand| operand.gradient).collect(),
        }
    }
}

impl Backward {
    /// Whether it reads the struct's own output, so that nothing may change that in place.
    pub(super) fn reads_output(&self, graph: &Graph) -> bool {
        self.steps.iter().any(|step| match step {
            Undo::Layer { part, x, y, .. } => x.home == Home::Output || y.home == Home::Output && graph.parts[*part].reads_output,
            Undo::Activate { known, .. } => known.home == Home::Output,
            _ => false,
        })
    }
}

/// Reverses the steps.
pub(super) fn backward(graph: &Graph, output: ValueId, forward: &Storage) -> Backward {
    let mut reverse =
        Reverse { graph, forward, wanted: wanted(graph), of: vec![None; graph.values.len()], gradients: vec![], steps: vec![] };
    let dy = reverse.gradient(output, false);
    reverse.gradients[dy].home = GradientHome::Dy;
    reverse.of[output] = Some(dy);
    for step in graph.steps.iter().rev() {
        reverse.step(step);
    }
    reverse.finish()
}

/// Whether the gradient of each value is wanted even when the caller does not ask for `dx`.
pub(super) fn wanted(graph: &Graph) -> Vec<bool> {
    let mut wanted = vec![false; graph.values.len()];
    for step in &graph.steps {
        let learns = matches!(step, Step::Layer { part, .. } if graph.parts[*part].learns());
        wanted[step.output()] = learns || step.inputs().iter().any(|x| wanted[*x]);
    }
    wanted
}

struct Reverse<'a> {
    graph: &'a Graph,
    forward: &'a Storage,
    wanted: Vec<bool>,
    /// The gradient of each value, as soon as something is in it.
    of: Vec<Option<usize>>,
    gradients: Vec<Gradient>,
    steps: Vec<Undo>,
}

impl Reverse<'_> {
    /// A new place for the gradient of `value`.
    fn gradient(&mut self, value: ValueId, optional: bool) -> usize {
        let (name, shape) = match self.forward.homes[value] {
            Home::Buffer(buffer) => (self.forward.buffers[buffer].name.to_string(), self.forward.buffers[buffer].shape.clone()),
            Home::Input | Home::Output => (self.graph.values[value].name.clone(), self.graph.values[value].shape.clone()),
        };
        let name = format_ident!("d_{}", name.trim_start_matches("r#"));
        self.gradients.push(Gradient { name, shape, home: GradientHome::Slot(0), optional });
        self.gradients.len() - 1
    }

    fn operand(&self, gradient: usize, value: ValueId) -> GradientOperand {
        GradientOperand { gradient, shape: self.graph.values[value].shape.clone() }
    }

    fn value(&self, value: ValueId) -> Operand {
        Operand { home: self.forward.homes[value], shape: self.graph.values[value].shape.clone() }
    }

    /// A place that a step may overwrite with its share of the gradient of `x`.
    fn share(&mut self, x: ValueId, optional: bool) -> usize {
        let share = self.gradient(x, optional);
        self.of[x].get_or_insert(share);
        share
    }

    /// Adds a share to the gradient of `x`, unless it is that gradient.
    fn add(&mut self, x: ValueId, share: usize) {
        let gradient = *self.of[x].get_or_insert(share);
        if gradient != share {
            let (to, from) = (self.operand(gradient, x), self.operand(share, x));
            self.steps.push(Undo::Add { to, from });
        }
    }

    fn step(&mut self, step: &Step) {
        let y = step.output();
        // Nothing that reads `y` has a gradient for it: nothing to do.
        let Some(dy) = self.of[y] else { return };
        match step {
            Step::Layer { part, x, .. } => {
                let dx = self.share(*x, !self.wanted[*x]);
                let (dy, at_dx) = (self.operand(dy, y), self.operand(dx, *x));
                self.steps.push(Undo::Layer { part: *part, x: self.value(*x), y: self.value(y), dy, dx: at_dx });
                self.add(*x, dx);
            }
            Step::Activation { value, known, x, .. } => {
                let known = self.value(if *known == Known::Output { y } else { *x });
                self.steps.push(Undo::Activate { value: value.clone(), known, d: self.operand(dy, y) });
                self.add(*x, dy);
            }
            Step::Dropout { rate, site, x, .. } => {
                self.steps.push(Undo::Drop { rate: rate.clone(), site: *site, d: self.operand(dy, y) });
                self.add(*x, dy);
            }
            Step::Reshape { x, .. } | Step::Copy { x, .. } => self.add(*x, dy),
            Step::Sum { a, b, .. } => {
                // `b` gets a copy, because what comes before `a` works in place on `dy`.
                if let Some(db) = self.of[*b] {
                    let (to, from) = (self.operand(db, *b), self.operand(dy, *b));
                    self.steps.push(Undo::Add { to, from });
                } else {
                    let db = self.share(*b, !self.wanted[*b]);
                    let (to, from) = (self.operand(db, *b), self.operand(dy, *b));
                    self.steps.push(Undo::Copy { to, from });
                }
                self.add(*a, dy);
            }
            Step::Gather { xs, .. } => {
                let optional = !xs.iter().any(|x| self.wanted[*x]);
                let shares: Vec<usize> = xs.iter().map(|x| self.share(*x, optional)).collect();
                let to = xs.iter().zip(&shares).map(|(x, share)| self.operand(*share, *x)).collect();
                self.steps.push(Undo::Scatter { from: self.operand(dy, y), to });
                for (x, share) in xs.iter().zip(shares) {
                    self.add(*x, share);
                }
            }
        }
    }

    fn finish(mut self) -> Backward {
        match self.of[INPUT] {
            // It lies where something else needs it, or the caller's `dy` is: `dx` is a copy.
            Some(d) if !self.gradients[d].optional => {
                let copy = self.gradient(INPUT, true);
                self.gradients[copy].home = GradientHome::Dx;
                let (to, from) = (self.operand(copy, INPUT), self.operand(d, INPUT));
                self.steps.push(Undo::Copy { to, from });
            }
            Some(dx) => {
                self.gradients[dx].home = GradientHome::Dx;
                self.gradients[dx].shape = self.graph.values[INPUT].shape.clone();
            }
            None => {}
        }
        let mut names = Names::new(self.forward.buffers.iter().map(|buffer| buffer.name.clone()));
        let mut slots = Slots::default();
        for at in 0..self.gradients.len() {
            let is_used = |step: &Undo| step.gradients().contains(&at);
            let first = self.steps.iter().position(is_used).unwrap_or(0);
            let last = self.steps.iter().rposition(is_used).unwrap_or(0);
            let gradient = &mut self.gradients[at];
            gradient.name = match gradient.home {
                GradientHome::Dx => format_ident!("dx"),
                GradientHome::Dy => format_ident!("dy"),
                GradientHome::Slot(_) => {
                    gradient.home = GradientHome::Slot(slots.take(&gradient.shape, (first, last), self.graph.is_generic));
                    names.take(&gradient.name.to_string())
                }
            };
        }
        let mut fields = Names::new(self.forward.slots.iter().map(|slot| slot.name.clone()));
        let slots = slots.named((0..).map(|i| fields.take(&format!("d{i}")).to_string()));
        Backward { steps: self.steps, gradients: self.gradients, slots }
    }
}
