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

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::{batches, order};

    #[test]
    fn all_samples_are_in_a_batch() {
        assert_eq!(batches(7, 3, 1), [0..3, 3..6, 6..7]);
        assert_eq!(batches(7, 3, 2), [0..3, 3..7]);
        assert_eq!(batches(8, 3, 2), [0..3, 3..6, 6..8]);
        assert_eq!(batches(6, 3, 2), [0..3, 3..6]);
        assert_eq!(batches(2, 100, 2), vec![0..2]);
        assert_eq!(batches(2, usize::MAX, 1), vec![0..2]);
    }

    #[test]
    fn an_order_holds_every_sample_once_and_belongs_to_seed_and_epoch() {
        let of = |seed, epoch| {
            let mut samples = vec![9; 4];
            order(&mut samples, 100, seed, epoch, false);
            samples
        };
        let mut sorted = of(1, 2);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        assert_eq!(of(1, 2), of(1, 2));
        assert_ne!(of(1, 2), of(1, 3));
        assert_ne!(of(1, 2), of(2, 2));
        let mut samples = vec![];
        order(&mut samples, 5, 1, 1, true);
        assert_eq!(samples, [0, 1, 2, 3, 4]);
    }
}
