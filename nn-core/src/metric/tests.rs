//! Metrics against the examples in scikit-learn's documentation of the same functions.

use std::string::ToString;
use std::vec::Vec;

use super::{Binary, Classification, Columns, Metrics, Numeric, Regression};
use crate::loss::Meaning;
use crate::{Bernoulli, Class, Probabilities, Real};

fn class<const N: usize>(index: usize) -> Class<N> {
    Class::new(index).expect("a class")
}

fn classified<const N: usize>(pairs: &[(usize, usize)]) -> Classification<N> {
    let mut metrics = Classification::default();
    for (target, predicted) in pairs {
        let mut y = [0.0_f32; N];
        y[*predicted] = 1.0;
        metrics.add::<Real, _>(&y, &class(*target));
    }
    metrics
}

fn close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} {b}");
}

#[test]
fn classification_report() {
    let metrics = classified::<3>(&[(0, 0), (1, 0), (2, 2), (2, 2), (2, 1)]);
    close(metrics.accuracy(), 0.6, 1e-12);
    for (c, [precision, recall, f1]) in [[0.5, 1.0, 0.67], [0.0, 0.0, 0.0], [1.0, 0.67, 0.8]].into_iter().enumerate() {
        close(metrics.precision(class(c)), precision, 0.005);
        close(metrics.recall(class(c)), recall, 0.005);
        close(metrics.f1(class(c)), f1, 0.005);
    }
    close(metrics.macro_f1(), 0.49, 0.005);
}

#[test]
fn confusion_matrix() {
    let metrics = classified::<3>(&[(2, 0), (0, 0), (2, 2), (2, 2), (0, 0), (1, 2)]);
    let matrix: Vec<Vec<u64>> =
        (0..3).map(|target| (0..3).map(|predicted| metrics.confusion().get(class(target), class(predicted))).collect()).collect();
    assert_eq!(matrix, [[2, 0, 0], [0, 0, 1], [1, 0, 2]]);
    let table = "   │  0  1  2  predicted\n───┼──────────\n 0 │  2  ·  ·\n 1 │  ·  ·  1\n 2 │  1  ·  2";
    assert_eq!(metrics.confusion().to_string(), table);
}

#[test]
fn top_k_accuracy() {
    let scores = [[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]];
    let mut metrics = Classification::<3>::default();
    for (y, target) in scores.iter().zip([0, 1, 2, 2]) {
        metrics.add::<Probabilities, [f64; 3]>(y, &class(target));
    }
    close(metrics.top(1), 0.5, 1e-12);
    close(metrics.top(2), 0.75, 1e-12);
    close(metrics.top(3), 1.0, 1e-12);
}

#[test]
fn the_first_of_equal_outputs_is_predicted_and_what_is_no_number_is_last() {
    let rank = |y: [f32; 3], target: usize| {
        let mut metrics = Classification::<3>::default();
        metrics.add::<Real, _>(&y, &class(target));
        let predicted = (0..3).position(|c| metrics.confusion().get(class(target), class(c)) == 1);
        ((1..=3).position(|k| metrics.top(k) == 1.0), predicted)
    };
    assert_eq!(rank([1.0, 1.0, 0.0], 0), (Some(0), Some(0)));
    assert_eq!(rank([1.0, 1.0, 0.0], 1), (Some(1), Some(0)));
    assert_eq!(rank([f32::NAN, 0.0, 1.0], 0), (Some(2), Some(2)));
    assert_eq!(rank([f32::NAN, 0.0, 1.0], 1), (Some(1), Some(2)));
    assert_eq!(rank([f32::NAN; 3], 2), (Some(2), Some(0)));
}

#[test]
fn one_output_tells_two_classes_apart() {
    let mut metrics = Classification::<2>::default();
    metrics.add::<Real, _>(&[0.3_f32], &class(1));
    metrics.add::<Bernoulli, _>(&[0.3_f32], &class(1));
    metrics.add::<Bernoulli, _>(&[0.3_f32], &class(0));
    close(metrics.accuracy(), 2.0 / 3.0, 1e-12);
    assert_eq!(metrics.confusion().get(class(1), class(0)), 1);
}

#[test]
fn regression_scores() {
    let mut metrics = Regression::default();
    for (t, y) in [(3.0, 2.5), (-0.5, 0.0), (2.0, 2.0), (7.0, 8.0)] {
        metrics.add::<Real, [f64; 1]>(&[y], &[t]);
    }
    close(metrics.mae(), 0.5, 1e-12);
    close(metrics.rmse() * metrics.rmse(), 0.375, 1e-12);
    close(metrics.r2(), 0.948, 0.0007);
    close(metrics.mape(), 0.3273, 0.0001);

    let mut metrics = Regression::default();
    for (t, y) in [([0.5, 1.0], [0.0, 2.0]), ([-1.0, 1.0], [-1.0, 2.0]), ([7.0, -6.0], [8.0, -5.0])] {
        metrics.add::<Real, [f64; 2]>(&y, &t);
    }
    close(metrics.r2(), 0.938, 0.0005); // multioutput="variance_weighted"
    close(metrics.mae(), 0.75, 1e-12);

    let mut metrics = Regression::default();
    metrics.add::<Real, _>(&[1.0_f32], &0.0_f32);
    assert!(metrics.mape().is_nan() && metrics.r2().is_nan(), "no target to divide by, and no spread");
}

#[test]
fn yes_or_no() {
    let mut metrics = Binary::default();
    // precision_recall_fscore_support's terms: 2 true positives, 1 false positive, 1 false negative, 2 true negatives.
    for (y, target) in [(0.9, true), (0.6, true), (0.8, false), (0.2, true), (0.1, false), (0.5, false)] {
        metrics.add::<Bernoulli, _>(&[y], &target);
    }
    assert_eq!(metrics, Binary { true_positives: 2, false_positives: 1, true_negatives: 2, false_negatives: 1 });
    close(metrics.precision(), 2.0 / 3.0, 1e-12);
    close(metrics.recall(), 2.0 / 3.0, 1e-12);
    close(metrics.f1(), 2.0 / 3.0, 1e-12);
    close(metrics.accuracy(), 4.0 / 6.0, 1e-12);
    metrics.add::<Real, _>(&[-0.1, 0.1], &[false, true]);
    assert_eq!((metrics.true_negatives, metrics.true_positives), (3, 3));
}

#[test]
fn metrics_are_saved_and_loaded() {
    let classes = classified::<3>(&[(2, 0), (0, 0), (2, 2)]);
    let loaded = Classification::<3>::load(&classes.save()).expect("as saved");
    assert_eq!((loaded.columns(), loaded.confusion()), (classes.columns(), classes.confusion()));
    assert!(Classification::<3>::load(&[]).is_none() && Classification::<3>::load(&[1e9]).is_none());
    assert!(Classification::<3>::load(&[1.0, 2.0, 3.0, 0.0, 1.0]).is_none(), "no class 3");
    assert!(Classification::<3>::load(&[1.0, 0.5]).is_none(), "half a sample");
    let mut metrics = Regression::default();
    metrics.add::<Real, _>(&[1.0_f32], &0.5_f32);
    assert_eq!(<Regression as Metrics<f32>>::load(&Metrics::<f32>::save(&metrics)), Some(metrics));
    assert_eq!(<Binary as Metrics<bool>>::load(&[1.0, 2.0, 3.0]), None);
    for meaning in [Meaning::Quantities, Meaning::YesOrNo { even: 0.5 }, Meaning::Classes] {
        let mut metrics = Numeric::default();
        assert_eq!(<Numeric as Metrics<[f32; 2]>>::load(&Metrics::<[f32; 2]>::save(&metrics)), Some(metrics.clone()));
        metrics.add_as::<Real, _>(meaning, &[1.0_f32, -2.0], &[1.0_f32, 0.0]);
        let saved = Metrics::<[f32; 2]>::save(&metrics);
        assert_eq!(<Numeric as Metrics<[f32; 2]>>::load(&saved), Some(metrics));
        assert_eq!(<Numeric as Metrics<[f32; 2]>>::load(&[&[3.0], &saved[1..]].concat()), None);
    }
}
