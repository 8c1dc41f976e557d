//! Dense layers one behind the other, with nothing between them but what treats every number alone; and a `Relu` directly behind one.
//!
//! Fast kernels leave the values between two such layers *in lanes*, samples side by side ([`Link`]): the next layer's tiles load them as
//! they lie, a number of outputs that fills no register wastes none, and nothing is transposed. The memory stays what it is, so activations
//! go over it as ever. `Relu` is applied while the sums are in registers. Portable and compact kernels, which are the reference, and tiny
//! networks run the one and then the other.
//!
//! Generated code calls this method in inference, where nobody else reads what lies between. In training it calls it for a dense layer alone,
//! for the `Relu`'s sake: the backward pass reads rows.
//!
//! # What it gains
//!
//! Batches of 56-100-100-100-1 are 1.09 times as fast, 784-128-10 1.02 times, 784-512-512-10 1.03 times. 100 outputs waste no part of a
//! register. Where outputs fill registers, as in 64-32-10, transposing the inputs costs more than it saves; so a count of multiply-adds
//! and transposed numbers decides, from sizes that are known while compiling. From 32 samples on, values lie in lanes, in groups of a
//! tile's samples; what fills no group stays in rows behind. Predictions are cut into chunks and parts by whole groups, so that no
//! sample's bits depend on where they begin. `Relu` in training is 1 % of 56-100-100-100-1, 2 % of 64-32-10.

use super::Dense;
use crate::activation::Relu;
use crate::kernel::Link;
use crate::{Activation, Layer, Scalar, Simd, Store};

/// Lanes of a wide register.
const LANES: usize = 16;

/// A dense layer's place among those that it shares values with.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Chain<'a> {
    /// The inputs of the first, then the outputs of each.
    pub sizes: &'a [usize],
    /// Its number among them.
    pub at: usize,
    /// Whether a `Relu` follows.
    pub relu: bool,
}

impl Chain<'_> {
    /// What the kernel is to know, for so many samples.
    #[inline(always)]
    fn link(self, samples: usize) -> Link {
        let is_in_lanes = samples >= Link::GROUP && is_better_in_lanes(self.sizes);
        Link { x_in_lanes: is_in_lanes && self.at > 0, y_in_lanes: is_in_lanes && self.at + 2 < self.sizes.len(), relu: self.relu }
    }
}

/// Whether many samples take less time in lanes, by multiply-adds of registers and what has to be transposed: outputs that fill registers
/// lie as well in rows, and only the first layer's inputs and the last one's outputs are transposed for lanes.
#[inline(always)]
const fn is_better_in_lanes(sizes: &[usize]) -> bool {
    // For each sample, times the lanes.
    let (mut rows, mut lanes, mut at) = (0_usize, 0_usize, 1);
    while at < sizes.len() {
        let (inputs, outputs) = (sizes[at - 1], sizes[at]);
        let products = inputs.saturating_mul(outputs);
        let of_samples = products.saturating_add(inputs.saturating_add(outputs).saturating_mul(LANES / Link::TRANSPOSED));
        let of_weights = inputs.saturating_mul(outputs.saturating_add(LANES / 2 - 1) / (LANES / 2) * (LANES / 2));
        let row = if products <= Link::WEIGHTS && of_weights < of_samples { of_weights } else { of_samples };
        rows = rows.saturating_add(row);
        let ends = if at == 1 { inputs } else { 0 } + if at + 1 == sizes.len() { outputs } else { 0 };
        lanes = lanes.saturating_add(products).saturating_add(ends.saturating_mul(LANES / Link::TRANSPOSED));
        at += 1;
    }
    lanes < rows
}

impl<const I: usize, const O: usize, T: Scalar, const B: usize> Dense<I, O, T, B> {
    /// As `infer`, and then `Relu` where the chain says so.
    #[doc(hidden)]
    #[inline]
    pub fn infer_chained<S: Simd, St: Store>(&self, s: S, x: &[[T; I]], y: &mut [[T; O]], chain: Chain<'_>) {
        if const { S::FAST && !S::COMPACT && !S::INLINE && T::HAS_KERNELS } {
            self.infer_linked(s, x, y, chain.link(x.len()));
        } else {
            self.infer::<S, St>(s, x, y, &mut ());
            if chain.relu {
                Relu.forward_in_place(s, y);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_better_in_lanes;

    #[test]
    fn lanes_are_for_what_does_not_fill_registers() {
        for (sizes, lanes) in [
            (&[56, 100, 100, 100, 1][..], true),
            (&[784, 128, 10], true),
            (&[784, 512, 512, 10], true),
            (&[64, 32, 10], false),
            (&[64, 64, 64, 64, 64], false),
            (&[usize::MAX, usize::MAX, 3], false),
        ] {
            assert_eq!(is_better_in_lanes(sizes), lanes, "{sizes:?}");
        }
    }
}
