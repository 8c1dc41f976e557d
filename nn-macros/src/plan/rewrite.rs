//! Steps in another order that give the same numbers for less.

use super::PartType;
use super::graph::{Graph, Step};

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
        let is_pool = matches!(&graph.parts[part].ty, PartType::BuiltIn { ty, .. } if ty.to_string().starts_with("MaxPool"));
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
