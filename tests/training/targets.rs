//! Targets that a loss means nothing for: told before the first update, of the validation data too, and when evaluating.

use nn_core::plain;
use nn_core::train::Gradients;

use super::*;
use nn_core::loss::{
    BinaryCrossEntropyOfProbabilities, CrossEntropyOfProbabilities, HalfSquaredError, Huber, MeanAbsoluteError, NegativeLogLikelihood, Sum,
    TargetError,
};

network! {
    struct Scores: [2] -> [3] {
        fc: Dense(3),
    }
}

network! {
    struct Shares: [2] -> [3] {
        fc: Dense(3),
        Softmax,
    }
}

network! {
    struct Logarithms: [2] -> [3] {
        fc: Dense(3),
        LogSoftmax,
    }
}

network! {
    struct Chances: [2] -> [3] {
        fc: Dense(3),
        Sigmoid,
    }
}

/// Four samples, of which the last but one has this target.
fn with<T: Copy>(good: T, spoilt: T) -> Dataset<[f32; 2], T> {
    Dataset::new(vec![[0.5, -0.5]; 4], vec![good, good, spoilt, good]).unwrap()
}

/// Training on, validating on and evaluating a spoilt target give the same fault and change nothing; the good target is right.
fn refused<N, T, L>(loss: L, good: T, spoilt: T, number: Option<usize>, value: f64, must_be: &str)
where
    N: Network<Input = [f32; 2]>,
    N: Network<Learning = nn_core::Learns>,
    T: nn_core::metric::Target + Copy,
    L: Loss<N::Kind, N::Output, T> + Copy,
{
    let mut net = N::new_boxed(1);
    let before = plain::bytes(&*net).to_vec();
    let (fine, data) = (with(good, good), with(good, spoilt));
    let check = |error: TrainError, called: &str| {
        let TrainError::Target { what, sample, error: TargetError { number: at, value: given, must_be: allowed, .. } } = error else {
            panic!("{error}")
        };
        assert_eq!((what, sample, at), (called, 2, number), "{loss:?}");
        assert!(given == value || given.is_nan() && value.is_nan(), "{loss:?}: {given}");
        assert!(allowed.starts_with(must_be), "{loss:?}: {allowed}");
    };
    let run = |net: &mut N, data: &Dataset<[f32; 2], T>, validation: &Dataset<[f32; 2], T>| {
        net.train(data).loss(loss).optimizer(Adam::new(1e-3)).epochs(1).validate_on(validation).run()
    };
    check(run(&mut net, &data, &fine).unwrap_err(), "training data");
    check(run(&mut net, &fine, &data).unwrap_err(), "validation data");
    check(net.evaluate(&data, loss).unwrap_err(), "data");
    check(Gradients::<N>::check_targets(data.targets(), &loss).unwrap_err(), "data");
    assert!(Gradients::<N>::check_targets(fine.targets(), &loss).is_ok(), "{loss:?}");
    assert_eq!(plain::bytes(&*net), before, "{loss:?}: nothing was trained");
    run(&mut net, &fine, &fine).unwrap_or_else(|error| panic!("{loss:?}: {error}"));
}

#[test]
fn losses_refuse_targets_that_they_mean_nothing_for() {
    let (numbers, nan) = ([0.5, -2.0, 7.0], f32::NAN);
    for (spoilt, value) in [(nan, f64::NAN), (f32::INFINITY, f64::INFINITY)] {
        refused::<Scores, _, _>(MeanSquaredError, numbers, [0.5, spoilt, 7.0], Some(1), value, "finite");
        refused::<Scores, _, _>(MeanAbsoluteError, numbers, [0.5, 1.0, spoilt], Some(2), value, "finite");
        refused::<Scores, _, _>(HalfSquaredError, numbers, [spoilt, 1.0, 7.0], Some(0), value, "finite");
        refused::<Scores, _, _>(Huber(0.5), numbers, [spoilt, 1.0, 7.0], Some(0), value, "finite");
        refused::<Scores, _, _>(Sum(MeanSquaredError), numbers, [spoilt, 1.0, 7.0], Some(0), value, "finite");
    }
    for value in [0.0, 0.5, 2.0, nan] {
        refused::<Scores, _, _>(Hinge, [1.0, -1.0, 1.0], [1.0, value, 1.0], Some(1), value.into(), "−1 and 1");
    }
    for value in [-1.0, -0.1, 1.5, nan] {
        refused::<Scores, _, _>(BinaryCrossEntropy, [1.0, 0.0, 0.25], [1.0, value, 1.0], Some(1), value.into(), "0 to 1");
        refused::<Chances, _, _>(BinaryCrossEntropyOfProbabilities, [1.0, 0.0, 0.25], [1.0, 1.0, value], Some(2), value.into(), "0 to 1");
    }
    let good = [0.25, 0.25, 0.5];
    let smooth = CrossEntropy.label_smoothing(0.1).class_weights([1.0, 2.0, 3.0]);
    for (spoilt, number, value) in [
        ([0.0, 0.0, 0.0], None, 0.0),
        ([2.0, 5.0, 7.0], None, 14.0),
        ([1.5, -0.5, 0.0], Some(1), -0.5),
        ([0.5, 0.5, nan], Some(2), f64::NAN),
        ([0.5, 0.25, 0.0], None, 0.75),
    ] {
        refused::<Scores, _, _>(CrossEntropy, good, spoilt, number, value, "probabilities");
        refused::<Scores, _, _>(&smooth, good, spoilt, number, value, "probabilities");
        refused::<Shares, _, _>(CrossEntropyOfProbabilities, good, spoilt, number, value, "probabilities");
        refused::<Logarithms, _, _>(NegativeLogLikelihood, good, spoilt, number, value, "probabilities");
    }
}

/// Sums that rounding leaves beside 1 are distributions.
#[test]
fn probabilities_may_be_rounded() {
    let third = 1.0_f32 / 3.0;
    for target in [[third; 3], [0.333, 0.333, 0.334], [0.33, 0.33, 0.33]] {
        Loss::<nn_core::Real, [f32; 3], _>::check_target(&CrossEntropy, &target).unwrap();
    }
}

#[test]
fn the_words_say_where_and_what_to_write() {
    let net = Scores::new_boxed(1);
    let error = net.evaluate(&with([1.0, -1.0, 1.0], [1.0, 0.0, 1.0]), Hinge).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the target of sample 2 of the data is not one that the loss takes: number 1 of it is 0: `Hinge` takes −1 and 1 (no and yes as 0 and 1 are `bool`s, or `Class<2>`)"
    );
}

/// Data of one's own whose weights nobody has looked at.
struct Weighed(Dataset<[f32; 2], [f32; 3]>, f32);

impl nn_core::data::Data for Weighed {
    type Input = [f32; 2];
    type Target = [f32; 3];
    fn len(&self) -> usize {
        self.0.len()
    }
    fn read(&self, index: usize, x: &mut [f32; 2]) {
        *x = self.0.inputs()[index];
    }
    fn target(&self, index: usize) -> &[f32; 3] {
        &self.0.targets()[index]
    }
    fn weight(&self, index: usize) -> f32 {
        if index == 3 { self.1 } else { 1.0 }
    }
}

#[test]
fn weights_are_looked_at_too() {
    for weight in [-1.0, f32::NAN, f32::INFINITY] {
        let data = Weighed(with([0.0; 3], [0.0; 3]), weight);
        let error = Scores::new_boxed(1).train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).run().unwrap_err();
        assert!(matches!(error, TrainError::Weight { what: "training data", sample: 3, .. }), "{error}");
        assert!(error.to_string().starts_with("sample 3 of the training data weighs "), "{error}");
    }
}
