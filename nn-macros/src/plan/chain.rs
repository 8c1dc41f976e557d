//! In use: dense layers one behind the other, with nothing between them but activations that treat every number alone. In use and in training:
//! a `Relu` directly behind one. See nn-core's `layer::chained`.
//!
//! Other activations are passes of their own. `Relu` is one instruction a register while the sums are there: 2 to 3 % of a batch in
//! inference, 1 to 2 % of a training step, and a call less for one sample. Its slope stays a pass: with the mask's loads, a tile would
//! take about what it saves.

use super::storage::{Chain, Do, Home, Operand};
use super::{Part, rewrite};
use crate::activation;
use crate::model::Dim;

/// Makes statements of their own of dense layers that have such neighbours.
pub(super) fn link(steps: &mut Vec<Do>, parts: &[Part]) {
    let readers: Vec<Option<usize>> = (0..steps.len()).map(|at| reader(steps, parts, at)).collect();
    let mut chains: Vec<Option<Chain>> = steps.iter().map(|_| None).collect();
    for first in 0..steps.len() {
        if !readers.contains(&Some(first)) {
            let members: Vec<usize> = std::iter::successors(Some(first), |at| readers[*at]).collect();
            chain(steps, parts, &members, &mut chains);
        }
    }
    join(steps, chains);
}

/// Makes one statement of a dense layer and the `Relu` behind it.
pub(super) fn link_relus(steps: &mut Vec<Do>, parts: &[Part]) {
    let mut chains: Vec<Option<Chain>> = steps.iter().map(|_| None).collect();
    for at in 0..steps.len() {
        chain(steps, parts, &[at], &mut chains);
    }
    join(steps, chains);
}

/// What each of some dense layers, one behind the other, is to know.
fn chain(steps: &[Do], parts: &[Part], members: &[usize], chains: &mut [Option<Chain>]) {
    let Some(Dense { part, .. }) = dense(&steps[members[0]], parts) else { return };
    let outputs = members.iter().filter_map(|at| Some(dense(&steps[*at], parts)?.part.output.0[0].clone()));
    let sizes: Vec<Dim> = part.input.0.iter().cloned().chain(outputs).collect();
    for (at, member) in members.iter().enumerate() {
        chains[*member] = Some(Chain { sizes: sizes.clone(), at, relu: relu_follows(steps, parts, *member) });
    }
}

/// Takes over what there is to know, and each `Relu` into the statement before it.
fn join(steps: &mut Vec<Do>, chains: Vec<Option<Chain>>) {
    let mut is_part_of_the_last = false;
    *steps = std::mem::take(steps)
        .into_iter()
        .zip(chains)
        .filter(|(_, chain)| !std::mem::replace(&mut is_part_of_the_last, chain.as_ref().is_some_and(|chain| chain.relu)))
        .map(|(step, chain)| match (step, chain) {
            (Do::Layer { part, x, y }, Some(chain)) if chain.relu || chain.sizes.len() > 2 => Do::Chained { part, x, y, chain },
            (step, _) => step,
        })
        .collect();
}

/// A statement of a dense layer.
struct Dense<'a> {
    part: &'a Part,
    x: &'a Operand,
    y: &'a Operand,
}

fn dense<'a>(step: &'a Do, parts: &'a [Part]) -> Option<Dense<'a>> {
    let Do::Layer { part, x, y } = step else { return None };
    let part = &parts[*part];
    rewrite::is(part, "Dense").then_some(Dense { part, x, y })
}

/// The dense layer that alone reads what statement `at` gives, where that is one too.
fn reader(steps: &[Do], parts: &[Part], at: usize) -> Option<usize> {
    let home = dense(&steps[at], parts)?.y.home;
    let mentions: Vec<usize> = (0..steps.len()).filter(|at| steps[*at].operands().iter().any(|operand| operand.home == home)).collect();
    let [first, between @ .., last] = &mentions[..] else { return None };
    let is_alone = *first == at && matches!(home, Home::Buffer(_));
    let reads = dense(&steps[*last], parts).is_some_and(|last| last.x.home == home);
    (is_alone && reads && between.iter().all(|at| is_pointwise(&steps[*at]))).then_some(*last)
}

/// Whether a statement is an activation in place that does not look at other numbers.
fn is_pointwise(step: &Do) -> bool {
    let Do::Activate { value, .. } = step else { return false };
    !value.clone().into_iter().any(|word| activation::find(&word.to_string()).is_some_and(|activation| activation.vector))
}

/// Whether the statement behind statement `at` is a `Relu` of what it gives.
fn relu_follows(steps: &[Do], parts: &[Part], at: usize) -> bool {
    let Some(Do::Activate { value, y }) = steps.get(at + 1) else { return false };
    let is_relu = value.clone().into_iter().last().is_some_and(|word| word.to_string() == "Relu");
    is_relu && dense(&steps[at], parts).is_some_and(|dense| dense.y.home == y.home)
}
