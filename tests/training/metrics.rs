//! Which metrics go with which loss and targets.

use nn_core::loss::{
    BinaryCrossEntropyOfProbabilities, CrossEntropyOfProbabilities, HalfSquaredError, Huber, MeanAbsoluteError, Meaning,
    NegativeLogLikelihood, Sum,
};
use nn_core::metric::Target;

use super::*;

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

network! {
    struct Score: [2] -> [1] {
        fc: Dense(1),
    }
}

const ANSWERS: &[&str] = &["loss", "accuracy", "precision", "recall", "f1"];
const QUANTITIES: &[&str] = &["loss", "rmse", "mae", "mape", "r2"];
const HITS: &[&str] = &["loss", "accuracy"];

fn data<T: Target + Clone>(targets: &[T]) -> Dataset<[f32; 2], T> {
    let inputs = [[0.5, -1.0], [1.5, 0.25], [-0.75, 0.5], [-2.0, -0.5]];
    Dataset::new(inputs[..targets.len()].to_vec(), targets.to_vec()).unwrap()
}

/// What evaluating prints, and a run in each epoch.
fn columns<N, T, L>(loss: L, targets: &[T]) -> Vec<(String, f64)>
where
    N: Network<Input = [f32; 2]>,
    N: Network<Learning = nn_core::Learns>,
    T: Target + Clone,
    L: Loss<N::Kind, N::Output, T>,
{
    let (data, mut net) = (data(targets), N::new_boxed(1));
    let names = |columns: Vec<(&str, f64)>| columns.into_iter().map(|(name, value)| (name.to_string(), value)).collect::<Vec<_>>();
    let evaluated = names(net.evaluate(&data, &loss).unwrap().columns());
    let history = net.train(&data).loss(&loss).optimizer(Sgd::new(0.0)).epochs(1).validate_on(&data).run().unwrap();
    let epoch = history.final_epoch();
    assert_eq!(names(epoch.validation.as_ref().unwrap().columns()), evaluated, "{loss:?}");
    let trained: Vec<_> = epoch.train.columns().into_iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(trained, evaluated.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), "{loss:?}");
    evaluated
}

fn names(columns: &[(String, f64)]) -> Vec<&str> {
    columns.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn numbers_are_measured_as_what_they_mean_to_the_loss() {
    let quantities = [[0.5, -2.0, 7.0], [1.0, 0.0, 2.0]];
    assert_eq!(names(&columns::<Scores, _, _>(MeanSquaredError, &quantities)), QUANTITIES);
    assert_eq!(names(&columns::<Scores, _, _>(HalfSquaredError, &quantities)), QUANTITIES);
    assert_eq!(names(&columns::<Scores, _, _>(MeanAbsoluteError, &quantities)), QUANTITIES);
    assert_eq!(names(&columns::<Scores, _, _>(Sum(Huber(1.0)), &quantities)), QUANTITIES);
    assert_eq!(names(&columns::<Score, f32, _>(MeanSquaredError, &[0.5, 2.0])), QUANTITIES);

    let answers = [[0.0, 1.0, 1.0], [1.0, 0.25, 0.75]];
    assert_eq!(names(&columns::<Scores, _, _>(BinaryCrossEntropy, &answers)), ANSWERS);
    assert_eq!(names(&columns::<Scores, _, _>(Sum(BinaryCrossEntropy), &answers)), ANSWERS);
    assert_eq!(names(&columns::<Scores, _, _>(BinaryCrossEntropy.pos_weight([1.0, 2.0, 3.0]), &answers)), ANSWERS);
    assert_eq!(names(&columns::<Chances, _, _>(BinaryCrossEntropyOfProbabilities, &answers)), ANSWERS);
    assert_eq!(names(&columns::<Score, f32, _>(BinaryCrossEntropy, &[0.0, 1.0])), ANSWERS);
    assert_eq!(names(&columns::<Scores, _, _>(Hinge, &[[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0]])), ANSWERS);

    let shares = [[0.25, 0.25, 0.5], [1.0, 0.0, 0.0]];
    assert_eq!(names(&columns::<Scores, _, _>(CrossEntropy, &shares)), HITS);
    assert_eq!(names(&columns::<Scores, _, _>(CrossEntropy.label_smoothing(0.1), &shares)), HITS);
    assert_eq!(names(&columns::<Shares, _, _>(CrossEntropyOfProbabilities, &shares)), HITS);
    assert_eq!(names(&columns::<Logarithms, _, _>(NegativeLogLikelihood, &shares)), HITS);
}

/// The same answers as numbers, as `bool`s and as classes have the same metrics.
#[test]
fn numbers_score_as_the_answers_that_they_are() {
    let yes = [[true, false, true], [false, false, true], [true, true, false], [false, true, true]];
    let (numbers, signs) =
        (yes.map(|yes| yes.map(|yes| f32::from(u8::from(yes)))), yes.map(|yes| yes.map(|yes| if yes { 1.0 } else { -1.0 })));
    assert_eq!(columns::<Scores, _, _>(BinaryCrossEntropy, &numbers), columns::<Scores, _, _>(BinaryCrossEntropy, &yes));
    assert_eq!(columns::<Scores, [f32; 3], _>(Hinge, &signs), columns::<Scores, _, _>(Hinge, &yes));
    let of_chances = BinaryCrossEntropyOfProbabilities;
    assert_eq!(columns::<Chances, _, _>(of_chances, &numbers), columns::<Chances, _, _>(of_chances, &yes));

    let classes = [2, 0, 1, 0].map(class::<3>);
    let certain = classes.map(|class| core::array::from_fn::<f32, 3, _>(|c| f32::from(u8::from(c == class.index()))));
    assert_eq!(columns::<Scores, _, _>(CrossEntropy, &certain)[..2], columns::<Scores, _, _>(CrossEntropy, &classes)[..2]);
}

#[test]
fn a_loss_of_ones_own_says_what_numbers_mean() {
    #[derive(Debug)]
    struct Own;
    impl<K: nn_core::Kind> Loss<K, [f32; 3], [f32; 3]> for Own {
        fn loss(&self, _: &[f32; 3], _: &[f32; 3]) -> f32 {
            1.0
        }
        fn gradient(&self, _: &[f32; 3], _: &[f32; 3], dy: &mut [f32; 3]) -> f32 {
            *dy = [0.5; 3];
            1.0
        }
        fn meaning(&self) -> Meaning {
            Meaning::YesOrNo { even: 10.0 }
        }
    }
    let data = data(&[[9.0, 11.0, 9.0], [9.0, 9.0, 11.0]]);
    let score = Scores::zeros().evaluate(&data, Own).unwrap();
    let answers = score.binary().unwrap();
    assert_eq!((answers.false_negatives, answers.true_negatives), (2, 4));
    assert!((score.accuracy() - 4.0 / 6.0).abs() < 1e-12);
    assert!(score.rmse().is_nan(), "no quantities");
}

#[test]
fn what_numbers_meant_is_in_a_checkpoint() {
    let whole = |file: Option<&Temporary>, stop: bool, resume: bool| {
        let data = Dataset::new(vec![[0.5, -1.0], [1.5, 0.25], [-0.75, 0.5]], vec![[0.0, 1.0, 1.0]; 3]).unwrap();
        let mut net = Scores::new_boxed(1);
        let mut training = net.train(&data).loss(BinaryCrossEntropy).optimizer(Adam::new(0.1)).batch_size(1).epochs(3).validate_on(&data);
        if let Some(file) = file {
            training = training.checkpoint(&file.0).checkpoint_every(1);
            if resume {
                training = training.resume(&file.0);
            }
        }
        if stop {
            training = training.observe(StopAt { step: 5, epoch: 0 });
        }
        numbers(&training.run().unwrap())
    };
    let file = Temporary::new("meaning");
    whole(Some(&file), true, false);
    assert_eq!(whole(Some(&file), false, true), whole(None, false, false));
}
