//! What single losses share, and what a batch of them gives.

use super::*;
use crate::{Bernoulli, Class, LogProbabilities, Probabilities, Real};

/// Loss and gradient of one sample.
fn both<K, const N: usize, V>(loss: &impl Loss<K, [f32; N], V>, y: [f32; N], target: &V) -> (f32, [f32; N]) {
    let mut dy = [f32::NAN; N];
    let value = loss.gradient(&y, target, &mut dy);
    assert!(value == loss.loss(&y, target) || value.is_nan());
    (value, dy)
}

#[test]
fn large_logits_do_not_overflow() {
    let target = Class::<3>::new(0).unwrap();
    let (value, dy) = both::<Real, 3, _>(&CrossEntropy, [1e30, -1e30, 0.0], &target);
    assert_eq!((value, dy), (0.0, [0.0; 3]));
    let (value, dy) = both::<Real, 3, _>(&CrossEntropy, [-200.0, 100.0, 0.0], &target);
    assert_eq!((value, dy), (300.0, [-1.0, 1.0, dy[2]]));
    let (value, dy) = both::<Real, 2, _>(&BinaryCrossEntropy, [1e30, -1e30], &[true, false]);
    assert_eq!((value, dy), (0.0, [0.0; 2]));
    let (value, dy) = both::<Real, 2, _>(&BinaryCrossEntropy, [300.0, -100.0], &[false, true]);
    assert_eq!((value, dy), (200.0, [0.5, -0.5]));
}

#[test]
fn small_losses_stay_exact() {
    // ln(1 + e⁻³⁰) = e⁻³⁰ (1 − …): far below f32's rounding of 1.
    let expected = (-30.0_f64).exp();
    let (value, dy) = both::<Real, 2, _>(&CrossEntropy, [30.0, 0.0], &Class::<2>::new(0).unwrap());
    assert!((f64::from(value) / expected - 1.0).abs() < 1e-5, "{value:e}");
    assert!((f64::from(dy[1]) / expected - 1.0).abs() < 1e-5, "{dy:?}");
    let (value, _) = both::<Real, 1, _>(&BinaryCrossEntropy, [30.0], &true);
    assert!((f64::from(value) / expected - 1.0).abs() < 1e-5, "{value:e}");
}

#[test]
fn a_sure_mistake_is_finite() {
    let target = Class::<2>::new(0).unwrap();
    let (value, dy) = both::<Probabilities, 2, _>(&CrossEntropyOfProbabilities, [0.0, 1.0], &target);
    assert!((value - 69.077_55).abs() < 1e-4 && dy[0].is_finite() && dy[0] < 0.0, "{value} {dy:?}");
    let (value, dy) = both::<Bernoulli, 1, _>(&BinaryCrossEntropyOfProbabilities, [1.0], &false);
    assert!(value == 100.0 && dy[0].is_finite() && dy[0] > 0.0, "{value} {dy:?}");
    let (value, dy) = both::<Bernoulli, 1, _>(&BinaryCrossEntropyOfProbabilities, [0.0], &true);
    assert!(value == 100.0 && dy[0].is_finite() && dy[0] < 0.0, "{value} {dy:?}");
}

#[test]
fn a_class_ruled_out_costs_nothing_unless_it_is_the_target() {
    let (value, _) = both::<LogProbabilities, 2, _>(&NegativeLogLikelihood, [0.0, f32::NEG_INFINITY], &Class::<2>::new(0).unwrap());
    assert_eq!(value, 0.0);
    let (value, dy) = both::<Real, 2, _>(&CrossEntropy, [3.0, f32::NEG_INFINITY], &Class::<2>::new(0).unwrap());
    assert_eq!((value, dy), (0.0, [0.0, 0.0]));
}

/// Every loss on `NaN`, which must be seen and not hidden.
#[test]
fn what_is_no_number_gives_no_number() {
    let (nan, class) = ([f32::NAN, 0.5], Class::<2>::new(1).unwrap());
    let numbers = [0.5, 1.0];
    for (name, (value, dy)) in [
        ("squared", both::<Real, 2, _>(&MeanSquaredError, nan, &numbers)),
        ("half squared", both::<Real, 2, _>(&HalfSquaredError, nan, &numbers)),
        ("absolute", both::<Real, 2, _>(&MeanAbsoluteError, nan, &numbers)),
        ("huber", both::<Real, 2, _>(&Huber(1.0), nan, &numbers)),
        ("cross-entropy", both::<Real, 2, _>(&CrossEntropy, nan, &class)),
        ("of probabilities", both::<Probabilities, 2, _>(&CrossEntropyOfProbabilities, [0.5, f32::NAN], &class)),
        ("likelihood", both::<LogProbabilities, 2, _>(&NegativeLogLikelihood, [0.5, f32::NAN], &class)),
        ("binary", both::<Real, 2, _>(&BinaryCrossEntropy, nan, &numbers)),
        ("binary of probabilities", both::<Bernoulli, 2, _>(&BinaryCrossEntropyOfProbabilities, nan, &numbers)),
        ("binary with weights", both::<Real, 2, _>(&BinaryCrossEntropy.pos_weight([2.0, 3.0]), nan, &numbers)),
        ("hinge", both::<Real, 2, _>(&Hinge, nan, &numbers)),
        ("hinge of classes", both::<Real, 2, _>(&Hinge, nan, &class)),
    ] {
        assert!(value.is_nan(), "{name}: {value} {dy:?}");
    }
}

#[test]
fn samples_without_weight_change_nothing() {
    let (y, targets) = ([[1.0], [3.0]], [[0.0], [0.0]]);
    let mut dy = [[f64::NAN]; 2];
    let sums = Loss::<Real, _, _>::batch(&MeanSquaredError, &y, &targets, Some(&[0.0, 0.5]), &mut dy);
    assert_eq!((sums.reduce(Reduction::Mean), dy), (9.0, [[0.0], [6.0]]));
    let sums = Loss::<Real, _, _>::batch(&MeanSquaredError, &y, &targets, Some(&[0.0, 0.0]), &mut dy);
    assert_eq!((sums.reduce(Reduction::Mean), dy), (0.0, [[0.0], [0.0]]));
}

/// Many samples are computed side by side, single ones alone.
#[test]
fn cross_entropy_of_many_is_that_of_each_to_the_bit() {
    fn check<D: Distribution<f32, 5>>(targets: &[D; 37]) {
        let mut random = crate::random::Stream::new(&[1]);
        let mut y = [[0.0_f32; 5]; 37];
        for y in y.as_flattened_mut() {
            *y = Scalar::from_f64(random.uniform(-10.0, 10.0));
        }
        y[1] = [2.0; 5];
        y[2] = [1e30, -1e30, 0.0, 1e30, 3.0];
        y[3][4] = f32::NEG_INFINITY;
        y[4][0] = f32::INFINITY;
        y[5][2] = f32::NAN;
        let weights: [f32; 37] = core::array::from_fn(|i| 0.25 * (i % 7) as f32);
        let (mut many, mut each, mut anywhere) = ([[7.0; 5]; 37], [[8.0; 5]; 37], [[9.0; 5]; 37]);
        let sums = Loss::<Real, _, _>::gradients(&CrossEntropy, &y, targets, Some(&weights), 0.3, &mut many);
        let mut losses = Sums::default();
        for i in 0..37 {
            let loss = Loss::<Real, _, _>::gradient(&CrossEntropy, &y[i], &targets[i], &mut each[i]);
            let s = f64::from(weights[i]);
            each[i] = each[i].map(|dy| dy * f32::from_f64(0.3 * s));
            losses += Sums { loss: s * f64::from(loss), share: s };
        }
        let bits =
            |dy: &[[f32; 5]]| dy.as_flattened().iter().map(|dy| if dy.is_nan() { 0 } else { dy.to_bits() }).collect::<std::vec::Vec<_>>();
        assert_eq!(bits(&many), bits(&each));
        assert!(sums.loss.is_nan() && losses.loss.is_nan());
        assert_eq!(sums.share, losses.share);
        let targets: std::vec::Vec<_> = targets.iter().collect();
        let i = 6..37;
        let sums = Loss::<Real, _, _>::gradients_of(
            &CrossEntropy,
            Kernels::detect(),
            &y[i.clone()],
            &targets[i.clone()],
            &weights[i.clone()],
            0.3,
            &mut anywhere[i.clone()],
        );
        assert_eq!(bits(&many[i.clone()]), bits(&anywhere[i.clone()]));
        let mut losses = Sums::default();
        for i in i {
            let s = f64::from(weights[i]);
            losses += Sums { loss: s * f64::from(Loss::<Real, _, _>::loss(&CrossEntropy, &y[i], targets[i])), share: s };
        }
        assert_eq!(sums, losses);
    }
    check(&core::array::from_fn(|i| Class::<5>::new(i % 5).unwrap()));
    check(&core::array::from_fn(|i| [0.1, 0.2, 0.0, 0.3 + 0.01 * i as f32, 0.4]));
}

#[test]
fn a_batch_in_parts_is_the_batch() {
    let loss = CrossEntropy.class_weights([1.0, 3.0]);
    let y = [[0.1, 0.7], [-1.0, 0.4], [2.0, 0.0]];
    let targets = [0, 1, 1].map(|c| Class::<2>::new(c).unwrap());
    let weights = [1.0, 0.5, 2.0];
    let (mut whole, mut parts) = ([[0.0; 2]; 3], [[0.0; 2]; 3]);
    let sums = Loss::<Real, [f64; 2], _>::batch(&loss, &y, &targets, Some(&weights), &mut whole);
    let factor = Loss::<Real, [f64; 2], _>::factor(&loss, &targets, Some(&weights));
    let mut added = Sums::default();
    for i in [0..1, 1..3] {
        added += Loss::<Real, [f64; 2], _>::gradients(
            &loss,
            &y[i.clone()],
            &targets[i.clone()],
            Some(&weights[i.clone()]),
            factor,
            &mut parts[i],
        );
    }
    assert_eq!((sums, whole), (added, parts));
    assert_eq!(sums.share, 1.0 + 0.5 * 3.0 + 2.0 * 3.0);
}

/// The definition, as PyTorch's and TensorFlow's documents give it: logarithms of the sigmoid, in f64.
#[test]
fn weights_of_labels_and_of_a_yes_are_those_of_the_definition() {
    let (pos, label) = ([0.5, 3.0, 1.0], [2.0, 0.25, 1.5]);
    let mut random = crate::random::Stream::new(&[1]);
    for _ in 0..100 {
        let y: [f64; 3] = core::array::from_fn(|_| random.uniform(-6.0, 6.0));
        let t: [f64; 3] = core::array::from_fn(|_| random.uniform(0.0, 1.0));
        let mut loss = 0.0;
        let mut slopes = [0.0; 3];
        for i in 0..3 {
            let p = 1.0 / (1.0 + (-y[i]).exp());
            loss -= label[i] * (pos[i] * t[i] * p.ln() + (1.0 - t[i]) * (1.0 - p).ln()) / 3.0;
            slopes[i] = label[i] * ((1.0 + (pos[i] - 1.0) * t[i]) * p - pos[i] * t[i]) / 3.0;
        }
        let mut dy = [f64::NAN; 3];
        let weighted = BinaryCrossEntropy.pos_weight(pos).label_weights(label);
        let value = Loss::<Real, _, _>::gradient(&weighted, &y, &t, &mut dy);
        assert!((value - loss).abs() <= 1e-12 * loss.abs(), "{value} for {loss}");
        for (dy, slope) in dy.iter().zip(slopes) {
            assert!((dy - slope).abs() <= 1e-12, "{dy} for {slope}");
        }
        // Weights of 1 change nothing.
        let plain = Loss::<Real, _, _>::loss(&BinaryCrossEntropy, &y, &t);
        let ones = Loss::<Real, _, _>::loss(&BinaryCrossEntropy.label_weights([1.0; 3]).pos_weight([1.0; 3]), &y, &t);
        assert!((plain - ones).abs() <= 1e-15 * 6.0, "{ones} for {plain}");
    }
}

#[test]
fn weighted_answers_neither_overflow_nor_lose_small_losses() {
    let weighted = BinaryCrossEntropy.pos_weight([3.0, 3.0]);
    let (value, dy) = both::<Real, 2, _>(&weighted, [1e30, -1e30], &[true, false]);
    assert_eq!((value, dy), (0.0, [0.0; 2]));
    let (value, dy) = both::<Real, 2, _>(&weighted, [300.0, -100.0], &[false, true]);
    assert_eq!((value, dy), (300.0, [0.5, -1.5]));
    let expected = (-30.0_f64).exp();
    let (value, _) = both::<Real, 1, _>(&BinaryCrossEntropy.pos_weight([3.0]), [30.0], &true);
    assert!((f64::from(value) / (3.0 * expected) - 1.0).abs() < 1e-5, "{value:e}");
    let (value, _) = both::<Real, 1, _>(&BinaryCrossEntropy.pos_weight([3.0]), [-30.0], &false);
    assert!((f64::from(value) / expected - 1.0).abs() < 1e-5, "{value:e}");
}

#[test]
fn settings_that_make_no_sense_are_named() {
    fn fault(loss: &impl Loss<Real, [f32; 2], [f32; 2]>) -> Option<&'static str> {
        loss.check().err().map(|error| error.name)
    }
    assert_eq!(fault(&Huber(0.5)), None);
    assert_eq!(fault(&Sum(Huber(0.0))), Some("delta"));
    assert_eq!(fault(&Huber(f64::NAN)), Some("delta"));
    assert_eq!(fault(&CrossEntropy.label_smoothing(1.0)), None);
    assert_eq!(fault(&CrossEntropy.label_smoothing(1.1)), Some("label_smoothing"));
    assert_eq!(fault(&CrossEntropy.class_weights([1.0, -1.0])), Some("class weight"));
    assert_eq!(fault(&CrossEntropy.class_weights([1.0, f64::NAN])), Some("class weight"));
    assert_eq!(fault(&CrossEntropy.class_weights([0.0, 0.0])), Some("sum of class weights"));
    assert_eq!(fault(&BinaryCrossEntropy.pos_weight([0.0, 3.0])), None);
    assert_eq!(fault(&BinaryCrossEntropy.pos_weight([1.0, -1.0])), Some("pos_weight"));
    assert_eq!(fault(&BinaryCrossEntropy.pos_weight([1.0, 2.0]).label_weights([f64::NAN, 1.0])), Some("label weight"));
    assert_eq!(fault(&BinaryCrossEntropy.label_weights([0.0, 0.0])), Some("sum of label weights"));
    assert_eq!(
        std::format!("{}", Loss::<Real, [f32; 2], [f32; 2]>::check(&Huber(-1.0)).unwrap_err()),
        "`Huber` with delta = -1: it must be finite and above 0"
    );
}

/// A pointer passes on what a loss has in a way of its own: a mean with class weights, and settings.
#[test]
fn a_loss_behind_a_pointer_is_that_loss() {
    fn both<L: Loss<Real, [f32; 2], Class<2>>>(loss: L) -> (f64, [[f32; 2]; 2], bool) {
        let (y, targets) = ([[0.1, 0.7], [-1.0, 0.4]], [0, 1].map(|c| Class::<2>::new(c).unwrap()));
        let mut dy = [[0.0; 2]; 2];
        let sums = loss.batch(&y, &targets, None, &mut dy);
        (sums.reduce(loss.reduction()), dy, loss.check().is_ok())
    }
    for loss in [CrossEntropy.class_weights([1.0, 3.0]), CrossEntropy.class_weights([1.0, -3.0])] {
        let expected = both(loss);
        assert_eq!(both::<&CrossEntropyWith<_>>(&loss), expected);
        assert_eq!(both::<&dyn Loss<Real, [f32; 2], Class<2>>>(&loss), expected);
        #[cfg(feature = "std")]
        assert_eq!(both::<std::boxed::Box<dyn Loss<Real, [f32; 2], Class<2>>>>(std::boxed::Box::new(loss)), expected);
    }
}
