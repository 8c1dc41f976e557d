//! Frozen layers before everything that learns: what a training step keeps of them is what the first layer that learns reads.
//!
//! They run as in use. Only where the caller asks for `dx` do they run once more, with memory of their own, and then in reverse.
//!
//! Where a branch leads around what learns, there is no such prefix, and everything is kept as ever.

use super::backward::{Backward, GradientHome, wanted};
use super::graph::{Graph, Step};
use super::lives::{Extent, Life, arrange, room};
use super::storage::{Do, Home, Storage};
use super::{PartType, Undo};

/// The layers that run as in use.
pub(crate) struct Prefix {
    /// The statements of the forward pass that they are: the first so many.
    pub statements: usize,
    /// Their statements of the backward pass: all from this one on.
    pub undo: usize,
    /// How many numbers a sample has in the block in which they run once more.
    pub len: usize,
    /// Where each variable of the forward pass lies in it.
    pub buffers: Vec<Option<Extent>>,
    /// Where gradients lie in it.
    pub gradients: Vec<Option<Extent>>,
}

/// Finds them, and marks them; `None` where there are none, or where a branch leads around what learns.
pub(super) fn prefix(graph: &mut Graph, forward: &Storage, backward: &Backward) -> Option<Prefix> {
    if graph.is_generic {
        return None;
    }
    let wanted = wanted(graph);
    let steps = graph.steps.iter().position(|step| wanted[step.output()])?;
    let all_learn = graph.steps[steps..].iter().all(|step| wanted[step.output()]);
    let statements = *forward.starts.get(steps)?;
    let is_conditional = |step: &Undo| {
        let learns = matches!(step, Undo::Layer { part, .. } if graph.parts[*part].learns());
        !learns && step.gradients().iter().any(|gradient| backward.gradients[*gradient].optional)
    };
    let undo = backward.steps.iter().position(is_conditional)?;
    let parts: Vec<usize> =
        graph.steps[..steps].iter().filter_map(|step| if let Step::Layer { part, .. } = step { Some(*part) } else { None }).collect();
    let is_frozen = |part: &usize| {
        let part = &graph.parts[*part];
        part.frozen && (part.field.is_some() || matches!(part.ty, PartType::Static { .. }))
    };
    if !all_learn || !backward.steps[undo..].iter().all(is_conditional) || !parts.iter().any(is_frozen) {
        return None;
    }
    let buffers = buffer_lives(graph, forward, backward, statements, undo)?;
    let gradients = gradient_lives(backward, statements, undo)?;
    let lives: Vec<Life> = buffers.iter().chain(&gradients).flatten().copied().collect();
    let (extents, len) = arrange(&lives)?;
    let mut extents = extents.into_iter();
    let mut extent = |life: &Option<Life>| life.and_then(|_| extents.next());
    let (buffers, gradients) = (buffers.iter().map(&mut extent).collect(), gradients.iter().map(&mut extent).collect());
    for part in parts {
        graph.parts[part].is_prefix = true;
    }
    Some(Prefix { statements, undo, len, buffers, gradients })
}

/// Of each variable, while the layers run once more and then in reverse.
fn buffer_lives(graph: &Graph, forward: &Storage, backward: &Backward, statements: usize, undo: usize) -> Option<Vec<Option<Life>>> {
    let life = |buffer: usize| {
        let is_it = |home: Home| home == Home::Buffer(buffer);
        let in_forward = |step: &Do| step.operands().iter().any(|operand| is_it(operand.home));
        let before = &forward.steps[..statements];
        let Some((first, last)) = before.iter().position(in_forward).zip(before.iter().rposition(in_forward)) else { return Some(None) };
        let read = backward.steps[undo..].iter().rposition(|step| step.values(&graph.parts).iter().any(|operand| is_it(operand.home)));
        let last = read.map_or(last, |read| statements + read);
        Some(Some(Life { first, last, len: room(&forward.buffers[buffer].shape)? }))
    };
    (0..forward.buffers.len()).map(life).collect()
}

/// Of each gradient that only `dx` needs; one that a layer which learns hands on lies where the others do.
fn gradient_lives(backward: &Backward, statements: usize, undo: usize) -> Option<Vec<Option<Life>>> {
    let life = |gradient: usize| {
        let own = &backward.gradients[gradient];
        let is_used = |step: &Undo| step.gradients().contains(&gradient);
        let ends = backward.steps.iter().position(is_used).zip(backward.steps.iter().rposition(is_used));
        match (own.home, ends) {
            (GradientHome::Slot(_), Some((first, last))) if first >= undo => {
                Some(Some(Life { first: statements + first - undo, last: statements + last - undo, len: room(&own.shape)? }))
            }
            _ => Some(None),
        }
    };
    (0..backward.gradients.len()).map(life).collect()
}
