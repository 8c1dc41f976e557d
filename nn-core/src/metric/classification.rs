//! One of `N` classes: accuracy, top-k, confusion matrix, precision, recall and F1.

use core::fmt;
use std::collections::BTreeMap;
use std::format;
use std::string::ToString;
use std::vec;
use std::vec::Vec;

use super::{Columns, Metrics, Target, count, ratio};
use crate::{Class, Kind, Scalar, Tensor};

impl<const N: usize> Target for Class<N> {
    type Metrics = Classification<N>;
}

/// How well classes are told apart. The predicted class is that of the largest output, the first of equal ones.
#[derive(Clone, Debug, Default)]
pub struct Classification<const N: usize> {
    /// `ranks[r]`: how often the right class' output was the `r`-th largest.
    ranks: Vec<u64>,
    confusion: Confusion<N>,
}

impl<const N: usize> Classification<N> {
    /// The share of samples whose largest output is that of the right class. NaN without samples.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.top(1)
    }

    /// The share of samples where the right class' output is among the `k` largest.
    #[must_use]
    pub fn top(&self, k: usize) -> f64 {
        ratio(self.ranks.iter().take(k).sum(), self.ranks.iter().sum())
    }

    /// How often each class was taken for each.
    #[must_use]
    pub fn confusion(&self) -> &Confusion<N> {
        &self.confusion
    }

    /// Of the samples that were taken for the class, the share that are of it; 0 where none was, as scikit-learn has it.
    #[must_use]
    pub fn precision(&self, class: Class<N>) -> f64 {
        let taken: u64 = (0..N).map(|target| self.confusion.at(target, class.index())).sum();
        share(self.confusion.at(class.index(), class.index()), taken)
    }

    /// Of the class' samples, the share that was taken for it; 0 where there is none.
    #[must_use]
    pub fn recall(&self, class: Class<N>) -> f64 {
        let of_it: u64 = (0..N).map(|predicted| self.confusion.at(class.index(), predicted)).sum();
        share(self.confusion.at(class.index(), class.index()), of_it)
    }

    /// The harmonic mean of precision and recall, `2 p r / (p + r)`; 0 where both are.
    #[must_use]
    pub fn f1(&self, class: Class<N>) -> f64 {
        harmonic(self.precision(class), self.recall(class))
    }

    /// The mean of every class' F1, each class counting the same.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        // One pass over the matrix: classes may be many.
        let (mut right, mut taken, mut of_it) = (vec![0; N], vec![0; N], vec![0; N]);
        for (&(target, predicted), &n) in &self.confusion.0 {
            of_it[target as usize] += n;
            taken[predicted as usize] += n;
            if target == predicted {
                right[target as usize] += n;
            }
        }
        let f1 = (0..N).map(|c| harmonic(share(right[c], taken[c]), share(right[c], of_it[c])));
        f1.sum::<f64>() / N as f64
    }
}

fn share(a: u64, b: u64) -> f64 {
    if b == 0 { 0.0 } else { ratio(a, b) }
}

pub(super) fn harmonic(p: f64, r: f64) -> f64 {
    if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
}

impl<const N: usize> Columns for Classification<N> {
    fn columns(&self) -> Vec<(&str, f64)> {
        vec![("accuracy", self.accuracy()), ("f1", self.macro_f1())]
    }
}

impl<const N: usize> Metrics<Class<N>> for Classification<N> {
    fn add<K: Kind, Y: Tensor>(&mut self, y: &Y, target: &Class<N>) {
        let y = y.flat();
        let (predicted, rank) = match y {
            // One output for two classes: a yes is class 1.
            [y] if N == 2 => {
                let predicted = usize::from(y.to_f64() > K::EVEN);
                (predicted, usize::from(predicted != target.index()))
            }
            _ => (largest(y), rank(y, target.index())),
        };
        if self.ranks.len() <= rank {
            self.ranks.resize(rank + 1, 0);
        }
        self.ranks[rank] += 1;
        if let Some(predicted) = Class::<N>::new(predicted) {
            self.confusion.add(*target, predicted);
        }
    }

    fn save(&self) -> Vec<f64> {
        let mut saved = vec![self.ranks.len() as f64];
        saved.extend(self.ranks.iter().map(|n| *n as f64));
        for (&(target, predicted), &n) in &self.confusion.0 {
            saved.extend([f64::from(target), f64::from(predicted), n as f64]);
        }
        saved
    }

    fn load(saved: &[f64]) -> Option<Self> {
        let (len, saved) = saved.split_first()?;
        let (ranks, entries) = saved.split_at_checked(usize::try_from(count(*len)?).ok()?)?;
        let (entries, []) = entries.as_chunks::<3>() else { return None };
        let class = |saved| Class::<N>::new(usize::try_from(count(saved)?).ok()?);
        let mut loaded = Self { ranks: ranks.iter().map(|n| count(*n)).collect::<Option<_>>()?, confusion: Confusion::default() };
        for [target, predicted, n] in entries {
            loaded.confusion.0.insert(key(class(*target)?, class(*predicted)?), count(*n)?);
        }
        Some(loaded)
    }
}

/// Where the largest output is; one that is not a number is below all that are.
pub(super) fn largest<T: Scalar>(y: &[T]) -> usize {
    (1..y.len()).fold(0, |best, j| if y[j] > y[best] || is_nan(y[best]) && !is_nan(y[j]) { j } else { best })
}

/// How many outputs come before that of class `right`.
fn rank<T: Scalar>(y: &[T], right: usize) -> usize {
    let Some(at) = y.get(right).copied() else { return y.len() };
    let before =
        |j: usize| if is_nan(at) || is_nan(y[j]) { !is_nan(y[j]) || is_nan(at) && j < right } else { y[j] > at || y[j] == at && j < right };
    (0..y.len()).filter(|j| *j != right && before(*j)).count()
}

#[allow(clippy::eq_op, reason = "only NaN differs from itself")]
fn is_nan<T: Scalar>(y: T) -> bool {
    y != y
}

/// How often each class was taken for each; prints as a table. Only what occurred is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion<const N: usize>(BTreeMap<(u32, u32), u64>);

fn key<const N: usize>(target: Class<N>, predicted: Class<N>) -> (u32, u32) {
    let number = |class: Class<N>| u32::try_from(class.index()).unwrap_or(u32::MAX);
    (number(target), number(predicted))
}

impl<const N: usize> Confusion<N> {
    /// Samples of class `target` that were taken for `predicted`.
    #[must_use]
    pub fn get(&self, target: Class<N>, predicted: Class<N>) -> u64 {
        self.0.get(&key(target, predicted)).copied().unwrap_or(0)
    }

    /// Counts one more sample.
    pub fn add(&mut self, target: Class<N>, predicted: Class<N>) {
        *self.0.entry(key(target, predicted)).or_default() += 1;
    }

    fn at(&self, target: usize, predicted: usize) -> u64 {
        Class::new(target).zip(Class::new(predicted)).map_or(0, |(target, predicted)| self.get(target, predicted))
    }
}

/// Rows are the right classes, columns the predicted ones.
impl<const N: usize> fmt::Display for Confusion<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = self.0.values().copied().max().unwrap_or(0).max(N as u64).to_string().len().max(2);
        write!(f, "{:>widest$} │", "")?;
        for predicted in 0..N {
            write!(f, " {predicted:>widest$}")?;
        }
        write!(f, "  predicted\n{}┼{}", "─".repeat(widest + 1), "─".repeat(N * (widest + 1) + 1))?;
        for target in 0..N {
            write!(f, "\n{target:>widest$} │")?;
            for predicted in 0..N {
                let n = self.at(target, predicted);
                let cell = if n == 0 { "·".to_string() } else { format!("{n}") };
                write!(f, " {cell:>widest$}")?;
            }
        }
        Ok(())
    }
}
