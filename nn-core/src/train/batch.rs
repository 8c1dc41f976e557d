//! Which samples make which batch.

use core::ops::Range;
use std::vec::Vec;

use crate::random::Stream;

/// Purposes of random numbers, so that no two uses of one seed draw the same.
pub(super) mod purpose {
    pub const SHUFFLE: u64 = 1;
    pub const AUGMENT: u64 = 2;
}

/// The batches of an epoch as ranges of its order. What is left over at the end is a smaller batch, or joins the one before where it would
/// have fewer than `least` samples.
pub(super) fn batches(samples: usize, size: usize, least: usize) -> Vec<Range<usize>> {
    let mut batches: Vec<Range<usize>> =
        (0..samples).step_by(size.max(1)).map(|start| start..samples.min(start.saturating_add(size))).collect();
    if let [.., before, last] = batches.as_mut_slice()
        && last.len() < least
    {
        before.end = last.end;
        batches.pop();
    }
    batches
}

/// The order of an epoch, which does not depend on the epochs before it.
pub(super) fn order(order: &mut Vec<usize>, samples: usize, seed: u64, epoch: u64, in_order: bool) {
    order.clear();
    order.extend(0..samples);
    if !in_order {
        Stream::new(&[seed, purpose::SHUFFLE, epoch]).shuffle(order);
    }
}
