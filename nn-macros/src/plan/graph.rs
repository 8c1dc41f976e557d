//! One list of steps for each struct, over values that are each written once.

use proc_macro2::TokenStream;

use super::Part;
use crate::model::{Known, Shape};

/// A value between steps, by number.
pub(super) type ValueId = usize;

/// The struct's input.
pub(super) const INPUT: ValueId = 0;

/// A value between steps.
pub(super) struct Value {
    pub shape: Shape,
    /// What its variable is called.
    pub name: String,
}

/// One thing that happens to values.
pub(super) enum Step {
    /// The layer number `part`.
    Layer {
        part: usize,
        x: ValueId,
        y: ValueId,
    },
    Activation {
        value: TokenStream,
        known: Known,
        x: ValueId,
        y: ValueId,
    },
    Dropout {
        rate: TokenStream,
        site: u64,
        x: ValueId,
        y: ValueId,
    },
    /// The same numbers under another shape.
    Reshape {
        x: ValueId,
        y: ValueId,
    },
    /// `y = a + b`
    Sum {
        a: ValueId,
        b: ValueId,
        y: ValueId,
    },
    /// The values of each sample one after another.
    Gather {
        xs: Vec<ValueId>,
        y: ValueId,
    },
    /// Where the output would be the input itself.
    Copy {
        x: ValueId,
        y: ValueId,
    },
}

impl Step {
    pub(super) fn output(&self) -> ValueId {
        match self {
            Self::Layer { y, .. }
            | Self::Activation { y, .. }
            | Self::Dropout { y, .. }
            | Self::Reshape { y, .. }
            | Self::Sum { y, .. }
            | Self::Gather { y, .. }
            | Self::Copy { y, .. } => *y,
        }
    }

    pub(super) fn inputs(&self) -> Vec<ValueId> {
        match self {
            Self::Layer { x, .. }
            | Self::Activation { x, .. }
            | Self::Dropout { x, .. }
            | Self::Reshape { x, .. }
            | Self::Copy { x, .. } => vec![*x],
            Self::Sum { a, b, .. } => vec![*a, *b],
            Self::Gather { xs, .. } => xs.clone(),
        }
    }
}

/// The steps of one struct.
pub(super) struct Graph {
    pub values: Vec<Value>,
    pub steps: Vec<Step>,
    pub parts: Vec<Part>,
    /// Sizes are const parameters, so no buffer can be shared.
    pub is_generic: bool,
}

impl Graph {
    /// The step that writes a value; `None` for the input.
    pub(super) fn writer(&self, value: ValueId) -> Option<&Step> {
        self.steps.iter().find(|step| step.output() == value)
    }
}
