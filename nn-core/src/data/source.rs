//! What the training loop asks of data.
//!
//! Those that read files read values first and allocate samples after, so that no header can ask for more memory than its file has bytes.
//! `tests/mutations.rs` holds them and the reader of weights to that.

use crate::metric::Target;
use crate::{Tensor, data::Dataset, layer};

/// Samples that can be read in any order: what [`train`](crate::train::Train::train) and `evaluate` take. [`Dataset`] is one; implement it
/// for data of your own, which may lie on a disk or be made when they are read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no data to train on",
    label = "not data with targets",
    note = "put inputs and targets together: `Dataset::new(inputs, targets)?`",
    note = "data of your own, on a disk or made when they are read, have `impl nn_core::data::Data`"
)]
pub trait Data {
    /// One sample's input.
    type Input: Tensor;
    /// One sample's target; its type decides the metrics.
    type Target: Target;

    /// The number of samples.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the input of sample `index` into `x`; `index` is below [`Data::len`].
    fn read(&self, index: usize, x: &mut Self::Input);

    /// The target of sample `index`.
    fn target(&self, index: usize) -> &Self::Target;

    /// How much sample `index` counts in the loss.
    fn weight(&self, index: usize) -> f32 {
        let _ = index;
        1.0
    }
}

impl<X: Tensor, Y: Target> Data for Dataset<X, Y> {
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        self.inputs().len()
    }

    fn read(&self, index: usize, x: &mut X) {
        layer::copy(core::slice::from_mut(x), &self.inputs()[index..=index]);
    }

    fn target(&self, index: usize) -> &Y {
        &self.targets()[index]
    }

    fn weight(&self, index: usize) -> f32 {
        self.weights().map_or(1.0, |weights| weights[index])
    }
}

/// Inputs of the network's own shape; every type fits itself and nothing else.
#[diagnostic::on_unimplemented(
    message = "the data's inputs are `{Self}`, but the network takes `{X}`",
    label = "inputs of another shape",
    note = "declare the network for these inputs, or give the data its shape with `map_inputs`"
)]
pub trait Fits<X> {
    /// The same place under the other name.
    fn same(x: &mut X) -> &mut Self;
}

impl<X> Fits<X> for X {
    fn same(x: &mut X) -> &mut Self {
        x
    }
}
