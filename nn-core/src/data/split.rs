//! Splitting samples into a part to train on and a part to judge by.

use std::vec::Vec;

use super::{Class, DataError, Dataset};
use crate::random::Stream;

/// Keys random orders apart from other uses of the same seed.
const PURPOSE: u64 = u64::from_le_bytes(*b"split\0\0\0");

impl<X, Y> Dataset<X, Y> {
    /// The samples before `row`, and those from `row` on; the split for what has an order in time.
    ///
    /// # Errors
    /// [`DataError::Split`] where there are not as many.
    pub fn split_at(self, row: usize) -> Result<(Self, Self), DataError> {
        if row > self.len() {
            return Err(DataError::Split { row, len: self.len() });
        }
        let (mut inputs, mut targets, mut weights) = self.into_parts();
        let second =
            Self::from_parts(inputs.split_off(row), targets.split_off(row), weights.as_mut().map(|weights| weights.split_off(row)));
        Ok((Self::from_parts(inputs, targets, weights), second))
    }

    /// All samples but a `share`, and that share of them, drawn at random; equal seeds, equal parts.
    ///
    /// The share is rounded to a whole number of samples.
    ///
    /// ```
    /// # use nn_core::prelude::*;
    /// # let data = Dataset::new(vec![[0.0]; 10], vec![0.0; 10])?;
    /// let (train, test) = data.split_shuffled(0.2, 1)?; // a fifth is to test on
    /// assert_eq!((train.len(), test.len()), (8, 2));
    /// # Ok::<(), nn_core::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Share`] where `share` is not between 0 and 1.
    pub fn split_shuffled(self, share: f64, seed: u64) -> Result<(Self, Self), DataError> {
        let second = part(self.len(), share)?;
        let first = self.len() - second;
        self.shuffled(seed).split_at(first)
    }

    /// The samples in a random order; equal seeds, equal orders.
    #[must_use]
    pub fn shuffled(self, seed: u64) -> Self {
        let mut order: Vec<_> = (0..self.len()).collect();
        Stream::new(&[PURPOSE, seed]).shuffle(&mut order);
        self.in_order(&order)
    }

    /// The samples in the order that lists each once.
    fn in_order(self, order: &[usize]) -> Self {
        let (mut inputs, mut targets, mut weights) = self.into_parts();
        arrange(&mut inputs, order);
        arrange(&mut targets, order);
        if let Some(weights) = &mut weights {
            arrange(weights, order);
        }
        Self::from_parts(inputs, targets, weights)
    }
}

impl<X, const N: usize> Dataset<X, Class<N>> {
    /// As [`Dataset::split_shuffled`], with the same share of every class, each rounded to a whole number of samples.
    ///
    /// # Errors
    /// [`DataError::Share`] where `share` is not between 0 and 1.
    pub fn split_stratified(self, share: f64, seed: u64) -> Result<(Self, Self), DataError> {
        let mut random = Stream::new(&[PURPOSE, seed]);
        let mut members: Vec<Vec<usize>> = std::vec![Vec::new(); N];
        for (sample, class) in self.targets().iter().enumerate() {
            if let Some(members) = members.get_mut(class.index()) {
                members.push(sample);
            }
        }
        let (mut first, mut second) = (Vec::with_capacity(self.len()), Vec::new());
        for mut members in members {
            random.shuffle(&mut members);
            let keep = members.len() - part(members.len(), share)?;
            second.extend(members.drain(keep..));
            first.append(&mut members);
        }
        // Not class after class: a loop that does not shuffle would forget the first ones.
        random.shuffle(&mut first);
        random.shuffle(&mut second);
        let row = first.len();
        first.append(&mut second);
        self.in_order(&first).split_at(row)
    }
}

/// A share of `n`, rounded; a half stays behind.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and `n` after the check")]
fn part(n: usize, share: f64) -> Result<usize, DataError> {
    if !(0.0..=1.0).contains(&share) {
        return Err(DataError::Share(share));
    }
    Ok(n - ((n as f64 * (1.0 - share) + 0.5) as usize).min(n))
}

/// Moves `values[order[i]]` to place `i`, in place and cycle by cycle; `order` lists every place once.
fn arrange<T>(values: &mut [T], order: &[usize]) {
    let mut order = order.to_vec();
    for start in 0..order.len() {
        let mut i = start;
        loop {
            let j = core::mem::replace(&mut order[i], i);
            if j == start {
                break;
            }
            swap(values, i, j);
            i = j;
        }
    }
}

/// As `slice::swap`, but without a temporary on the stack, for which a sample may be too large.
fn swap<T>(values: &mut [T], i: usize, j: usize) {
    let (before, from) = values.split_at_mut(i.max(j));
    before[i.min(j)..=i.min(j)].swap_with_slice(&mut from[..1]);
}
