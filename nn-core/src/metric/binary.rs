//! Yes or no: accuracy, precision, recall and F1.

use std::vec;
use std::vec::Vec;

use super::classification::harmonic;
use super::{Columns, Metrics, Target, count, ratio};
use crate::{Kind, Scalar, Tensor};

impl Target for bool {
    type Metrics = Binary;
}

impl<const N: usize> Target for [bool; N] {
    type Metrics = Binary;
}

/// How well yes and no are told apart; with several answers a sample, each counts.
///
/// An output means yes above [`Kind::EVEN`]: 0 for a logit, ½ for a probability.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binary {
    /// Yes, and predicted so.
    pub true_positives: u64,
    /// No, but predicted yes.
    pub false_positives: u64,
    /// No, and predicted so.
    pub true_negatives: u64,
    /// Yes, but predicted no.
    pub false_negatives: u64,
}

impl Binary {
    /// The share of right answers. NaN without samples.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right = self.true_positives + self.true_negatives;
        ratio(right, right + self.false_positives + self.false_negatives)
    }

    /// Of the predicted yes, the share that is right; 0 where there is none, as scikit-learn has it.
    #[must_use]
    pub fn precision(&self) -> f64 {
        self.share(self.false_positives)
    }

    /// Of the yes, the share that is found; 0 where there is none.
    #[must_use]
    pub fn recall(&self) -> f64 {
        self.share(self.false_negatives)
    }

    /// The harmonic mean of precision and recall, `2 p r / (p + r)`; 0 where both are.
    #[must_use]
    pub fn f1(&self) -> f64 {
        harmonic(self.precision(), self.recall())
    }

    fn share(&self, missed: u64) -> f64 {
        if self.true_positives == 0 { 0.0 } else { ratio(self.true_positives, self.true_positives + missed) }
    }

    pub(super) fn answer(&mut self, predicted: bool, target: bool) {
        *match (predicted, target) {
            (true, true) => &mut self.true_positives,
            (true, false) => &mut self.false_positives,
            (false, false) => &mut self.true_negatives,
            (false, true) => &mut self.false_negatives,
        } += 1;
    }
}

impl Columns for Binary {
    fn columns(&self) -> Vec<(&str, f64)> {
        vec![("accuracy", self.accuracy()), ("precision", self.precision()), ("recall", self.recall()), ("f1", self.f1())]
    }
}

impl Metrics<bool> for Binary {
    fn add<K: Kind, Y: Tensor>(&mut self, y: &Y, target: &bool) {
        Metrics::<[bool; 1]>::add::<K, Y>(self, y, &[*target]);
    }
    fn save(&self) -> Vec<f64> {
        Metrics::<[bool; 1]>::save(self)
    }
    fn load(saved: &[f64]) -> Option<Self> {
        <Self as Metrics<[bool; 1]>>::load(saved)
    }
}

impl<const N: usize> Metrics<[bool; N]> for Binary {
    fn add<K: Kind, Y: Tensor>(&mut self, y: &Y, target: &[bool; N]) {
        for (y, target) in y.flat().iter().zip(target) {
            self.answer(y.to_f64() > K::EVEN, *target);
        }
    }

    fn save(&self) -> Vec<f64> {
        [self.true_positives, self.false_positives, self.true_negatives, self.false_negatives].map(|n| n as f64).to_vec()
    }

    fn load(saved: &[f64]) -> Option<Self> {
        let &[tp, fp, tn, fn_] = saved else { return None };
        Some(Self { true_positives: count(tp)?, false_positives: count(fp)?, true_negatives: count(tn)?, false_negatives: count(fn_)? })
    }
}
