//! What a training step holds at one time or another, in one block of memory: values and gradients share places by their lives.

use proc_macro2::Ident;

use super::backward::{Backward, GradientHome};
use super::graph::Graph;
use super::prefix::Prefix;
use super::storage::{Home, Storage};
use crate::model::Shape;

/// One block of numbers for the tape, and where in it everything lies.
pub(crate) struct Arena {
    /// The field of the tape.
    pub field: Ident,
    /// How many numbers a sample has in it.
    pub len: usize,
    /// Of each variable of the forward pass.
    pub buffers: Vec<Extent>,
    /// Of each gradient that is not the caller's.
    pub gradients: Vec<Option<Extent>>,
}

/// A range of the block, in numbers of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub offset: usize,
    pub len: usize,
}

impl Extent {
    fn end(self) -> usize {
        self.offset + self.len
    }

    fn overlaps(self, other: Self) -> bool {
        self.offset < other.end() && other.offset < self.end()
    }
}

/// From one statement to another, the backward pass's counted on from the forward pass's, both included.
#[derive(Clone, Copy)]
pub(super) struct Life {
    pub first: usize,
    pub last: usize,
    pub len: usize,
}

impl Life {
    fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Arranges the tape, where literals say all sizes; `None` where they do not, or where there is nothing to arrange.
pub(super) fn arena(graph: &Graph, forward: &Storage, backward: &Backward, prefix: Option<&Prefix>, field: Ident) -> Option<Arena> {
    if graph.is_generic {
        return None;
    }
    // What runs once more lies in a block of its own then.
    let end = prefix.map_or(backward.steps.len(), |prefix| prefix.undo);
    let (buffers, gradients) = (buffer_lives(graph, forward, backward, end)?, gradient_lives(forward, backward, end)?);
    let lives: Vec<Life> = buffers.iter().chain(gradients.iter().flatten()).copied().collect();
    let (extents, len) = arrange(&lives)?;
    let mut extents = extents.into_iter();
    let buffers = extents.by_ref().take(buffers.len()).collect();
    let gradients = gradients.iter().map(|life| life.and_then(|_| extents.next())).collect();
    Some(Arena { field, len, buffers, gradients })
}

fn buffer_lives(graph: &Graph, forward: &Storage, backward: &Backward, end: usize) -> Option<Vec<Life>> {
    let mut lives = vec![];
    for (buffer, own) in forward.buffers.iter().enumerate() {
        let is_it = |home: Home| home == Home::Buffer(buffer);
        let in_forward = |step: &super::Do| step.operands().iter().any(|operand| is_it(operand.home));
        let first = forward.steps.iter().position(in_forward)?;
        let last = forward.steps.iter().rposition(in_forward)?;
        let read = backward.steps[..end].iter().rposition(|step| step.values(&graph.parts).iter().any(|operand| is_it(operand.home)));
        let last = read.map_or(last, |read| forward.steps.len() + read);
        lives.push(Life { first, last, len: room(&own.shape)? });
    }
    Some(lives)
}

fn gradient_lives(forward: &Storage, backward: &Backward, end: usize) -> Option<Vec<Option<Life>>> {
    let mut lives = vec![];
    for (gradient, own) in backward.gradients.iter().enumerate() {
        let is_used = |step: &super::Undo| step.gradients().contains(&gradient);
        let ends = backward.steps.iter().position(is_used).zip(backward.steps.iter().rposition(is_used));
        lives.push(match (own.home, ends) {
            (GradientHome::Slot(_), Some((first, last))) if first < end => {
                let before = forward.steps.len();
                Some(Life { first: before + first, last: before + last, len: room(&own.shape)? })
            }
            _ => None,
        });
    }
    Some(lives)
}

/// Numbers that a value takes; large ones begin at multiples of 16 bytes.
pub(super) fn room(shape: &Shape) -> Option<usize> {
    shape.known_len().map(|len| if len < 16 { len } else { len.next_multiple_of(4) })
}

/// Places without overlaps for what lives at one time, and the block's length: the best of some orders, each by first fit.
pub(super) fn arrange(lives: &[Life]) -> Option<(Vec<Extent>, usize)> {
    let orders: [fn(&Life) -> (usize, usize); 5] = [
        |life| (usize::MAX - life.len, life.first),
        |life| (life.first, usize::MAX - life.len),
        |life| (usize::MAX - life.last, usize::MAX - life.len),
        |life| (usize::MAX - life.first, usize::MAX - life.len),
        |life| (life.last, usize::MAX - life.len),
    ];
    orders.into_iter().map(|order| first_fit(lives, order)).min_by_key(|(_, len)| *len).filter(|(_, len)| *len > 0)
}

fn first_fit(lives: &[Life], order: fn(&Life) -> (usize, usize)) -> (Vec<Extent>, usize) {
    let mut at: Vec<usize> = (0..lives.len()).collect();
    at.sort_by_key(|at| order(&lives[*at]));
    let mut placed: Vec<Option<Extent>> = vec![None; lives.len()];
    for this in at {
        let mut taken: Vec<Extent> =
            (0..lives.len()).filter(|other| lives[*other].meets(lives[this])).filter_map(|other| placed[other]).collect();
        taken.sort_by_key(|extent| extent.offset);
        let mut extent = Extent { offset: 0, len: lives[this].len };
        for other in taken {
            if extent.overlaps(other) {
                extent.offset = other.end();
            }
        }
        placed[this] = Some(extent);
    }
    let extents: Vec<Extent> = placed.into_iter().flatten().collect();
    let len = extents.iter().map(|extent| extent.end()).max().unwrap_or(0);
    (extents, len)
}

#[cfg(test)]
mod tests {
    use super::{Life, arrange};

    #[test]
    fn what_lives_at_one_time_does_not_overlap() {
        // LeNet-5's training step without gradients by the input.
        let lives: Vec<Life> = [
            (0, 1, 3456),
            (1, 16, 864),
            (3, 4, 1024),
            (4, 13, 256),
            (6, 11, 120),
            (8, 9, 84),
            (10, 11, 84),
            (11, 12, 120),
            (12, 14, 256),
            (14, 15, 1024),
            (15, 17, 864),
            (17, 18, 3456),
        ]
        .map(|(first, last, len)| Life { first, last, len })
        .to_vec();
        let (extents, len) = arrange(&lives).expect("something");
        assert_eq!(len, 3456 + 864);
        for a in 0..lives.len() {
            assert!(extents[a].end() <= len);
            for b in 0..a {
                assert!(!lives[a].meets(lives[b]) || !extents[a].overlaps(extents[b]));
            }
        }
    }
}
