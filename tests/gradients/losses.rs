//! Losses, with outputs and targets as each takes them.

use nn_core::data::Class;
use nn_core::loss::{
    BinaryCrossEntropy, BinaryCrossEntropyOfProbabilities, CrossEntropy, CrossEntropyOfProbabilities, HalfSquaredError, Hinge, Huber, Loss,
    MeanAbsoluteError, MeanSquaredError, NegativeLogLikelihood, Sum,
};
use nn_core::random::Stream;
use nn_core::{Bernoulli, LogProbabilities, Probabilities, Real, Tensor};

use crate::harness::{Outcome, distinct, loss};

/// An output of shape `Y` whose errors keep away from these kinks; the target has its shape.
fn error<Y: Tensor<Scalar = f64> + Copy>(l: &impl Loss<Real, Y, Y>, kinks: &[f64], seed: u64) -> Outcome {
    let draw = |random: &mut Stream| {
        let (mut y, mut target) = (Y::ZEROED, Y::ZEROED);
        distinct(random, &[], target.flat_mut());
        distinct(random, kinks, y.flat_mut());
        for (y, t) in y.flat_mut().iter_mut().zip(target.flat()) {
            *y += t;
        }
        (y, target)
    };
    loss(l, draw, seed)
}

/// As [`error`], with a number as the target of one output.
fn number(l: &impl Loss<Real, [f64; 1], f64>, seed: u64) -> Outcome {
    loss(l, |random| ([5.0 + random.unit()], 3.5 + random.unit()), seed)
}

/// Logits.
fn logits<const N: usize>(random: &mut Stream) -> [f64; N] {
    let mut y = [0.0; N];
    distinct(random, &[], &mut y);
    y
}

fn class<const N: usize>(random: &mut Stream) -> Class<N> {
    let index = random.bits() as usize % N;
    Class::new(index).expect("below `N`")
}

/// Numbers well inside 0 to 1.
fn inside<const N: usize>(random: &mut Stream) -> [f64; N] {
    std::array::from_fn(|_| 0.25 + 0.5 * random.unit())
}

/// A distribution.
fn distribution<const N: usize>(random: &mut Stream) -> [f64; N] {
    let parts = inside::<N>(random);
    parts.map(|part| part / parts.iter().sum::<f64>())
}

fn yes(random: &mut Stream) -> bool {
    random.bits().is_multiple_of(2)
}

/// One of `N` classes, from logits.
fn of_class<const N: usize>(l: &impl Loss<Real, [f64; N], Class<N>>, seed: u64) -> Outcome {
    loss(l, |random| (logits(random), class(random)), seed)
}

/// A distribution over `N` classes, from logits.
fn of_distribution<const N: usize>(l: &impl Loss<Real, [f64; N], [f64; N]>, seed: u64) -> Outcome {
    loss(l, |random| (logits(random), distribution(random)), seed)
}

/// Scores that keep away from `±1`, with one inside the margin.
fn scores<const N: usize>(random: &mut Stream) -> [f64; N] {
    let mut y = [0.0; N];
    distinct(random, &[-1.0, 1.0], &mut y);
    y[0] = 1.5 * random.unit() - 0.75;
    y
}

/// Scores and a class, away from every margin's edge, with one inside.
fn margins<const N: usize>(random: &mut Stream) -> ([f64; N], Class<N>) {
    loop {
        let (y, target) = (logits::<N>(random), class::<N>(random));
        let margin = |c: usize| 1.0 - y[target.index()] + y[c];
        let others = || (0..N).filter(|c| *c != target.index());
        if others().all(|c| margin(c).abs() > 0.02) && others().any(|c| margin(c) > 0.0) {
            return (y, target);
        }
    }
}

tables! {
    squared {
        |seed| error::<[f64; 1]>(&MeanSquaredError, &[], seed),
        |seed| error::<[f64; 2]>(&MeanSquaredError, &[], seed),
        |seed| error::<[f64; 3]>(&MeanSquaredError, &[], seed),
        |seed| error::<[f64; 5]>(&MeanSquaredError, &[], seed),
        |seed| error::<[f64; 8]>(&MeanSquaredError, &[], seed),
        |seed| error::<[f64; 13]>(&MeanSquaredError, &[], seed),
        |seed| error::<[[f64; 2]; 3]>(&MeanSquaredError, &[], seed),
        |seed| error::<[[f64; 1]; 4]>(&MeanSquaredError, &[], seed),
        |seed| error::<[[[f64; 3]; 2]; 2]>(&MeanSquaredError, &[], seed),
        |seed| error::<[f64; 4]>(&Sum(MeanSquaredError), &[], seed),
        |seed| error::<[[f64; 2]; 2]>(&Sum(MeanSquaredError), &[], seed),
        |seed| number(&MeanSquaredError, seed),
    }
    half_squared {
        |seed| error::<[f64; 1]>(&HalfSquaredError, &[], seed),
        |seed| error::<[f64; 2]>(&HalfSquaredError, &[], seed),
        |seed| error::<[f64; 3]>(&HalfSquaredError, &[], seed),
        |seed| error::<[f64; 5]>(&HalfSquaredError, &[], seed),
        |seed| error::<[f64; 8]>(&HalfSquaredError, &[], seed),
        |seed| error::<[f64; 13]>(&HalfSquaredError, &[], seed),
        |seed| error::<[[f64; 2]; 3]>(&HalfSquaredError, &[], seed),
        |seed| error::<[[f64; 1]; 4]>(&HalfSquaredError, &[], seed),
        |seed| error::<[[[f64; 3]; 2]; 2]>(&HalfSquaredError, &[], seed),
        |seed| error::<[f64; 4]>(&Sum(HalfSquaredError), &[], seed),
        |seed| error::<[[f64; 2]; 2]>(&Sum(HalfSquaredError), &[], seed),
        |seed| number(&HalfSquaredError, seed),
    }
    absolute {
        |seed| error::<[f64; 1]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[f64; 2]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[f64; 3]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[f64; 5]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[f64; 8]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[f64; 13]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[[f64; 2]; 3]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[[f64; 1]; 4]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[[[f64; 3]; 2]; 2]>(&MeanAbsoluteError, &[0.0], seed),
        |seed| error::<[f64; 4]>(&Sum(MeanAbsoluteError), &[0.0], seed),
        |seed| error::<[[f64; 2]; 2]>(&Sum(MeanAbsoluteError), &[0.0], seed),
        |seed| number(&MeanAbsoluteError, seed),
    }
    huber {
        |seed| error::<[f64; 1]>(&Huber(1.0), &[-1.0, 1.0], seed),
        |seed| error::<[f64; 2]>(&Huber(0.5), &[-0.5, 0.5], seed),
        |seed| error::<[f64; 3]>(&Huber(2.0), &[-2.0, 2.0], seed),
        |seed| error::<[f64; 5]>(&Huber(1.5), &[-1.5, 1.5], seed),
        |seed| error::<[f64; 8]>(&Huber(1.0), &[-1.0, 1.0], seed),
        |seed| error::<[f64; 13]>(&Huber(0.75), &[-0.75, 0.75], seed),
        |seed| error::<[[f64; 2]; 3]>(&Huber(1.0), &[-1.0, 1.0], seed),
        |seed| error::<[[f64; 1]; 4]>(&Huber(2.0), &[-2.0, 2.0], seed),
        |seed| error::<[[[f64; 3]; 2]; 2]>(&Huber(1.25), &[-1.25, 1.25], seed),
        |seed| error::<[f64; 4]>(&Huber::default(), &[-1.0, 1.0], seed),
        |seed| error::<[f64; 6]>(&Sum(Huber(1.0)), &[-1.0, 1.0], seed),
        |seed| number(&Huber(1.0), seed),
    }
    cross_entropy {
        |seed| of_class::<2>(&CrossEntropy, seed),
        |seed| of_class::<3>(&CrossEntropy, seed),
        |seed| of_class::<4>(&CrossEntropy, seed),
        |seed| of_class::<5>(&CrossEntropy, seed),
        |seed| of_class::<7>(&CrossEntropy, seed),
        |seed| of_class::<10>(&CrossEntropy, seed),
        |seed| of_distribution::<2>(&CrossEntropy, seed),
        |seed| of_distribution::<3>(&CrossEntropy, seed),
        |seed| of_distribution::<4>(&CrossEntropy, seed),
        |seed| of_distribution::<5>(&CrossEntropy, seed),
        |seed| of_distribution::<7>(&CrossEntropy, seed),
        |seed| of_distribution::<10>(&CrossEntropy, seed),
        |seed| of_class::<3>(&CrossEntropy.label_smoothing(0.1), seed),
        |seed| of_class::<3>(&CrossEntropy.class_weights([0.5, 2.0, 1.0]), seed),
        |seed| of_class::<4>(&CrossEntropy.label_smoothing(0.3).class_weights([0.5, 2.0, 1.0, 3.0]), seed),
        |seed| of_distribution::<3>(&CrossEntropy.label_smoothing(0.1), seed),
        |seed| of_distribution::<3>(&CrossEntropy.class_weights([0.5, 2.0, 1.0]), seed),
        |seed| of_distribution::<2>(&CrossEntropy.class_weights([0.5, 2.0]).label_smoothing(0.2), seed),
        |seed| of_class::<5>(&Sum(CrossEntropy), seed),
        |seed| of_class::<3>(&Sum(CrossEntropy.class_weights([0.5, 2.0, 1.0])), seed),
    }
    cross_entropy_of_probabilities {
        |seed| loss::<Probabilities, [f64; 2], _>(&CrossEntropyOfProbabilities, |r| (inside(r), class(r)), seed),
        |seed| loss::<Probabilities, [f64; 3], _>(&CrossEntropyOfProbabilities, |r| (inside(r), class(r)), seed),
        |seed| loss::<Probabilities, [f64; 4], _>(&CrossEntropyOfProbabilities, |r| (inside(r), class(r)), seed),
        |seed| loss::<Probabilities, [f64; 5], _>(&CrossEntropyOfProbabilities, |r| (inside(r), class(r)), seed),
        |seed| loss::<Probabilities, [f64; 7], _>(&CrossEntropyOfProbabilities, |r| (inside(r), class(r)), seed),
        |seed| loss::<Probabilities, [f64; 10], _>(&CrossEntropyOfProbabilities, |r| (inside(r), class(r)), seed),
        |seed| loss::<Probabilities, [f64; 2], [f64; 2]>(&CrossEntropyOfProbabilities, |r| (inside(r), distribution(r)), seed),
        |seed| loss::<Probabilities, [f64; 3], [f64; 3]>(&CrossEntropyOfProbabilities, |r| (inside(r), distribution(r)), seed),
        |seed| loss::<Probabilities, [f64; 4], [f64; 4]>(&CrossEntropyOfProbabilities, |r| (inside(r), distribution(r)), seed),
        |seed| loss::<Probabilities, [f64; 5], [f64; 5]>(&CrossEntropyOfProbabilities, |r| (inside(r), distribution(r)), seed),
        |seed| loss::<Probabilities, [f64; 7], [f64; 7]>(&CrossEntropyOfProbabilities, |r| (inside(r), distribution(r)), seed),
        |seed| loss::<Probabilities, [f64; 10], [f64; 10]>(&CrossEntropyOfProbabilities, |r| (inside(r), distribution(r)), seed),
        |seed| loss::<Probabilities, [f64; 4], _>(&Sum(CrossEntropyOfProbabilities), |r| (inside(r), class(r)), seed),
    }
    negative_log_likelihood {
        |seed| loss::<LogProbabilities, [f64; 2], _>(&NegativeLogLikelihood, |r| (logits(r), class(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 3], _>(&NegativeLogLikelihood, |r| (logits(r), class(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 4], _>(&NegativeLogLikelihood, |r| (logits(r), class(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 5], _>(&NegativeLogLikelihood, |r| (logits(r), class(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 7], _>(&NegativeLogLikelihood, |r| (logits(r), class(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 10], _>(&NegativeLogLikelihood, |r| (logits(r), class(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 2], [f64; 2]>(&NegativeLogLikelihood, |r| (logits(r), distribution(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 3], [f64; 3]>(&NegativeLogLikelihood, |r| (logits(r), distribution(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 4], [f64; 4]>(&NegativeLogLikelihood, |r| (logits(r), distribution(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 5], [f64; 5]>(&NegativeLogLikelihood, |r| (logits(r), distribution(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 7], [f64; 7]>(&NegativeLogLikelihood, |r| (logits(r), distribution(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 10], [f64; 10]>(&NegativeLogLikelihood, |r| (logits(r), distribution(r)), seed),
        |seed| loss::<LogProbabilities, [f64; 4], _>(&Sum(NegativeLogLikelihood), |r| (logits(r), class(r)), seed),
    }
    binary_cross_entropy {
        |seed| loss::<Real, [f64; 1], [f64; 1]>(&BinaryCrossEntropy, |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 2], [f64; 2]>(&BinaryCrossEntropy, |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 3], [f64; 3]>(&BinaryCrossEntropy, |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 5], [f64; 5]>(&BinaryCrossEntropy, |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 8], [f64; 8]>(&BinaryCrossEntropy, |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 1], _>(&BinaryCrossEntropy, |r| (logits(r), [(); 1].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 2], _>(&BinaryCrossEntropy, |r| (logits(r), [(); 2].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 4], _>(&BinaryCrossEntropy, |r| (logits(r), [(); 4].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 7], _>(&BinaryCrossEntropy, |r| (logits(r), [(); 7].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 1], _>(&BinaryCrossEntropy, |r| (logits(r), yes(r)), seed),
        |seed| loss::<Real, [f64; 1], Class<2>>(&BinaryCrossEntropy, |r| (logits(r), class(r)), seed),
        |seed| loss::<Real, [f64; 1], f64>(&BinaryCrossEntropy, |r| (logits(r), r.unit()), seed),
        |seed| loss::<Real, [[f64; 2]; 3], [[f64; 2]; 3]>(&BinaryCrossEntropy, |r| ([logits(r), logits(r), logits(r)], [inside(r), inside(r), inside(r)]), seed),
        |seed| loss::<Real, [f64; 3], [f64; 3]>(&Sum(BinaryCrossEntropy), |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 3], [f64; 3]>(&BinaryCrossEntropy.pos_weight([0.5, 3.0, 1.0]), |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 2], _>(&BinaryCrossEntropy.pos_weight([0.5, 3.0]), |r| (logits(r), [(); 2].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 3], [f64; 3]>(&BinaryCrossEntropy.label_weights([0.5, 3.0, 0.0]), |r| (logits(r), inside(r)), seed),
        |seed| loss::<Real, [f64; 2], _>(&BinaryCrossEntropy.label_weights([0.5, 3.0]).pos_weight([4.0, 0.25]), |r| (logits(r), [(); 2].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 1], Class<2>>(&Sum(BinaryCrossEntropy.pos_weight([7.0])), |r| (logits(r), class(r)), seed),
    }
    binary_cross_entropy_of_probabilities {
        |seed| loss::<Bernoulli, [f64; 1], [f64; 1]>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), inside(r)), seed),
        |seed| loss::<Bernoulli, [f64; 2], [f64; 2]>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), inside(r)), seed),
        |seed| loss::<Bernoulli, [f64; 3], [f64; 3]>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), inside(r)), seed),
        |seed| loss::<Bernoulli, [f64; 5], [f64; 5]>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), inside(r)), seed),
        |seed| loss::<Bernoulli, [f64; 8], [f64; 8]>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), inside(r)), seed),
        |seed| loss::<Bernoulli, [f64; 1], _>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), [(); 1].map(|()| yes(r))), seed),
        |seed| loss::<Bernoulli, [f64; 2], _>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), [(); 2].map(|()| yes(r))), seed),
        |seed| loss::<Bernoulli, [f64; 4], _>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), [(); 4].map(|()| yes(r))), seed),
        |seed| loss::<Bernoulli, [f64; 7], _>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), [(); 7].map(|()| yes(r))), seed),
        |seed| loss::<Bernoulli, [f64; 1], _>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), yes(r)), seed),
        |seed| loss::<Bernoulli, [f64; 1], Class<2>>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), class(r)), seed),
        |seed| loss::<Bernoulli, [f64; 1], f64>(&BinaryCrossEntropyOfProbabilities, |r| (inside(r), r.unit()), seed),
        |seed| loss::<Bernoulli, [[f64; 2]; 3], [[f64; 2]; 3]>(&BinaryCrossEntropyOfProbabilities, |r| ([inside(r), inside(r), inside(r)], [inside(r), inside(r), inside(r)]), seed),
        |seed| loss::<Bernoulli, [f64; 3], [f64; 3]>(&Sum(BinaryCrossEntropyOfProbabilities), |r| (inside(r), inside(r)), seed),
    }
    hinge {
        |seed| loss::<Real, _, _>(&Hinge, margins::<2>, seed),
        |seed| loss::<Real, _, _>(&Hinge, margins::<3>, seed),
        |seed| loss::<Real, _, _>(&Hinge, margins::<4>, seed),
        |seed| loss::<Real, _, _>(&Hinge, margins::<5>, seed),
        |seed| loss::<Real, _, _>(&Hinge, margins::<7>, seed),
        |seed| loss::<Real, _, _>(&Hinge, margins::<10>, seed),
        |seed| loss::<Real, [f64; 1], _>(&Hinge, |r| (scores(r), [(); 1].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 2], _>(&Hinge, |r| (scores(r), [(); 2].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 3], _>(&Hinge, |r| (scores(r), [(); 3].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 6], _>(&Hinge, |r| (scores(r), [(); 6].map(|()| yes(r))), seed),
        |seed| loss::<Real, [f64; 1], _>(&Hinge, |r| (scores(r), yes(r)), seed),
        |seed| loss::<Real, [f64; 1], Class<2>>(&Hinge, |r| (scores(r), class(r)), seed),
        |seed| loss::<Real, [f64; 3], [f64; 3]>(&Hinge, |r| (scores(r), [(); 3].map(|()| if yes(r) { 1.0 } else { -1.0 })), seed),
        |seed| loss::<Real, _, _>(&Sum(Hinge), margins::<4>, seed),
    }
}
