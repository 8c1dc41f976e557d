//! Targets that are numbers: what is measured follows the loss.

use core::ops::Deref;
use std::vec;
use std::vec::Vec;

use super::classification::largest;
use super::{Binary, Columns, Metrics, Regression, Target, count, ratio};
use crate::loss::Meaning;
use crate::{Kind, Scalar, Tensor};

impl Target for f32 {
    type Metrics = Numeric;
}

impl Target for f64 {
    type Metrics = Numeric;
}

impl<X: Tensor, const N: usize> Target for [X; N] {
    type Metrics = Numeric;
}

/// Metrics of targets that are numbers: those of what the numbers [mean](crate::loss::Loss::meaning) to the loss.
///
/// Reads like [`Regression`] (`score.rmse()`), which counts nothing where the numbers are answers or probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numeric {
    regression: Regression,
    answers: Option<Binary>,
    classes: Option<Hits>,
}

/// How often the largest output was that of the likeliest class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Hits {
    right: u64,
    samples: u64,
}

impl Numeric {
    /// Where each number is an answer (`BinaryCrossEntropy`, `Hinge`): how well yes and no are told apart.
    #[must_use]
    pub fn binary(&self) -> Option<&Binary> {
        self.answers.as_ref()
    }

    /// The share of right answers, or, where the numbers are probabilities of classes, of samples whose largest output is that of the
    /// likeliest class. NaN for quantities.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        match (&self.answers, self.classes) {
            (Some(answers), _) => answers.accuracy(),
            (None, Some(Hits { right, samples })) => ratio(right, samples),
            (None, None) => f64::NAN,
        }
    }
}

impl Deref for Numeric {
    type Target = Regression;

    fn deref(&self) -> &Regression {
        &self.regression
    }
}

impl Columns for Numeric {
    fn columns(&self) -> Vec<(&str, f64)> {
        match (&self.answers, self.classes) {
            (Some(answers), _) => answers.columns(),
            (None, Some(_)) => vec![("accuracy", self.accuracy())],
            (None, None) => self.regression.columns(),
        }
    }
}

impl<X: Tensor> Metrics<X> for Numeric {
    fn add<K: Kind, Y: Tensor>(&mut self, y: &Y, target: &X) {
        self.add_as::<K, Y>(Meaning::Quantities, y, target);
    }

    fn add_as<K: Kind, Y: Tensor>(&mut self, meaning: Meaning, y: &Y, target: &X) {
        match meaning {
            Meaning::Quantities => self.regression.add::<K, Y>(y, target),
            Meaning::YesOrNo { even } => {
                let answers = self.answers.get_or_insert_default();
                for (y, target) in y.flat().iter().zip(target.flat()) {
                    answers.answer(y.to_f64() > K::EVEN, target.to_f64() > even);
                }
            }
            Meaning::Classes => {
                let hits = self.classes.get_or_insert_default();
                hits.right += u64::from(largest(y.flat()) == largest(target.flat()));
                hits.samples += 1;
            }
        }
    }

    /// What the numbers mean, before what was measured.
    fn save(&self) -> Vec<f64> {
        let (meaning, measured) = match (&self.answers, self.classes) {
            (Some(answers), _) => (1.0, Metrics::<bool>::save(answers)),
            (None, Some(Hits { right, samples })) => (2.0, vec![right as f64, samples as f64]),
            (None, None) => (0.0, Metrics::<X>::save(&self.regression)),
        };
        [vec![meaning], measured].concat()
    }

    fn load(saved: &[f64]) -> Option<Self> {
        let (meaning, measured) = saved.split_first()?;
        match (count(*meaning)?, measured) {
            (0, regression) => Some(Self { regression: <Regression as Metrics<X>>::load(regression)?, ..Self::default() }),
            (1, answers) => Some(Self { answers: Some(<Binary as Metrics<bool>>::load(answers)?), ..Self::default() }),
            (2, &[right, samples]) => {
                Some(Self { classes: Some(Hits { right: count(right)?, samples: count(samples)? }), ..Self::default() })
            }
            _ => None,
        }
    }
}
