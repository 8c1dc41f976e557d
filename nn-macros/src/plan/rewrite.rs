//! Steps in another order, and pairs of steps as one, that give the same numbers for less.
//!
//! `Relu` and then `MaxPool` become `MaxPool` and then `Relu`: the same numbers, and what was before the pool is needed by nobody in
//! backward.

use super::graph::{Graph, Step};
use super::{Pair, Part, PartType};

/// `Relu` and then `MaxPool` as `MaxPool` and then `Relu`: the same numbers, since the largest of what is cut off at 0 is the largest, cut
/// off at 0; of fewer numbers, and without what was before the pool in memory for `backward`.
pub(super) fn pool_before_relu(graph: &mut Graph) {
    for at in 1..graph.steps.len() {
        let (Step::Activation { value, known, x: z, y: cut }, Step::Layer { part, x, y: pooled }) =
            (&graph.steps[at - 1], &graph.steps[at])
        else {
            continue;
        };
        let (value, known, z, cut, part, x, pooled) = (value.clone(), *known, *z, *cut, *part, *x, *pooled);
        let is_pool = is(&graph.parts[part], "MaxPool");
        let is_relu =
            ["Relu", "Relu6"].contains(&value.clone().into_iter().last().map(|word| word.to_string()).unwrap_or_default().as_str());
        let readers = graph.steps.iter().filter(|step| step.inputs().contains(&cut)).count();
        if !(is_pool && is_relu && x == cut && readers == 1) {
            continue;
        }
        // What was pooled is now `cut`, under the pool's name, and what was cut off is `pooled`, which others read.
        graph.values[cut].shape = graph.values[pooled].shape.clone();
        graph.values.swap(cut, pooled);
        graph.steps[at - 1] = Step::Layer { part, x: z, y: cut };
        graph.steps[at] = Step::Activation { value, known, x: cut, y: pooled };
    }
}

/// Marks each `Conv2d` that nothing but a `MaxPool2d` reads, and that pool.
pub(super) fn pair_with_pools(graph: &mut Graph) {
    for at in 0..graph.steps.len() {
        let Step::Layer { part: conv, y, .. } = graph.steps[at] else { continue };
        let mut readers = graph.steps.iter().filter(|step| step.inputs().contains(&y));
        if let (Some(Step::Layer { part: pool, .. }), None) = (readers.next(), readers.next()) {
            let pool = *pool;
            if is(&graph.parts[conv], "Conv2d") && is(&graph.parts[pool], "MaxPool2d") {
                graph.parts[conv].pair = Pair::Before(pool);
                graph.parts[pool].pair = Pair::After;
            }
        }
    }
}

/// Whether a part is a built-in layer whose type begins with `word`.
pub(super) fn is(part: &Part, word: &str) -> bool {
    matches!(&part.ty, PartType::BuiltIn { ty, .. } if ty.to_string().starts_with(word))
}
