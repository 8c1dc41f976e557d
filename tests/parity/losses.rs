//! Every loss with its options, as mean, as sum, and with weights per sample: value and gradient.

use nn_core::data::Class;
use nn_core::loss::{
    BinaryCrossEntropy, BinaryCrossEntropyOfProbabilities, BinaryCrossEntropyWith, CrossEntropy, CrossEntropyOfProbabilities,
    CrossEntropyWith, HalfSquaredError, Hinge, Huber, Loss, MeanAbsoluteError, MeanSquaredError, NegativeLogLikelihood, Sum,
};
use nn_core::{Bernoulli, LogProbabilities, Probabilities, Real, Scalar, Tensor, plain};

use crate::fixture::{File, close};

const WEIGHTS: [f32; 5] = [0.5, 2.0, 1.0, 0.25, 1.5];
const SMOOTHED: CrossEntropyWith = CrossEntropy.label_smoothing(0.1);
const CLASS_WEIGHTS: CrossEntropyWith<[f64; 4]> = CrossEntropy.class_weights([0.5, 2.0, 1.0, 3.0]);
const BOTH: CrossEntropyWith<[f64; 4]> = CLASS_WEIGHTS.label_smoothing(0.2);
const POS_WEIGHT: BinaryCrossEntropyWith<[f64; 4]> = BinaryCrossEntropy.pos_weight([3.0, 0.5, 1.0, 8.0]);
const LABEL_WEIGHTS: BinaryCrossEntropyWith<(), [f64; 4]> = BinaryCrossEntropy.label_weights([0.5, 2.0, 1.0, 3.0]);
const BOTH_WEIGHTS: BinaryCrossEntropyWith<[f64; 4], [f64; 4]> = POS_WEIGHT.label_weights([0.5, 2.0, 1.0, 3.0]);

fn check<K, Y: Tensor, V>(loss: &impl Loss<K, Y, V>, weights: Option<&[f32]>, targets: &[V], file: &File, case: &str) {
    let name = |tensor: &str| format!("{case}/{tensor}");
    let y = file.values::<Y>(&name("y"));
    assert_eq!(y.len(), targets.len());
    let mut dy = plain::vec::<Y>(y.len());
    let sums = loss.batch(&y, targets, weights, &mut dy);
    close(&name("loss"), &[Y::Scalar::from_f64(sums.reduce(loss.reduction()))], &file.get(&name("loss")));
    close(&name("dy"), Y::flatten(&dy), &file.get(&name("dy")));
}

/// The weights that a case's name asks for.
fn weights(case: &str) -> Option<&'static [f32]> {
    case.ends_with("_weighted").then_some(&WEIGHTS[..])
}

/// With targets of the output's shape.
fn same<K, Y: Tensor>(loss: &impl Loss<K, Y, Y>, file: &File, case: &str) {
    check(loss, weights(case), &file.values::<Y>(&format!("{case}/target")), file, case);
}

/// With classes.
fn class<K, Y: Tensor>(loss: &impl Loss<K, Y, Class<4>>, file: &File, case: &str) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
    let targets = file.get(&format!("{case}/target")).iter().map(|index| Class::new(*index as usize).expect("a class")).collect::<Vec<_>>();
    check(loss, weights(case), &targets, file, case);
}

/// With classes or distributions, in both scalars.
macro_rules! of {
    ($check:ident, $kind:ty, $loss:expr) => {
        |file, case| {
            $check::<$kind, [f64; 4]>(&$loss, file, case);
            $check::<$kind, [f32; 4]>(&$loss, file, case);
        }
    };
}

/// With targets of the output's shape, `[2, 3]`, in both scalars.
macro_rules! image {
    ($loss:expr) => {
        |file, case| {
            same::<Real, [[f64; 3]; 2]>(&$loss, file, case);
            same::<Real, [[f32; 3]; 2]>(&$loss, file, case);
        }
    };
}

cases! { "losses":
    squared => image!(MeanSquaredError),
    squared_sum => image!(Sum(MeanSquaredError)),
    squared_weighted => image!(MeanSquaredError),
    half_squared => image!(HalfSquaredError),
    half_squared_sum => image!(Sum(HalfSquaredError)),
    half_squared_weighted => image!(HalfSquaredError),
    absolute => image!(MeanAbsoluteError),
    absolute_sum => image!(Sum(MeanAbsoluteError)),
    absolute_weighted => image!(MeanAbsoluteError),
    huber => image!(Huber(0.75)),
    huber_sum => image!(Sum(Huber(0.75))),
    huber_weighted => image!(Huber(0.75)),
    cross_entropy_class => of!(class, Real, CrossEntropy),
    cross_entropy_class_sum => of!(class, Real, Sum(CrossEntropy)),
    cross_entropy_class_weighted => of!(class, Real, CrossEntropy),
    cross_entropy_class_smoothed => of!(class, Real, SMOOTHED),
    cross_entropy_class_smoothed_sum => of!(class, Real, Sum(SMOOTHED)),
    cross_entropy_class_smoothed_weighted => of!(class, Real, SMOOTHED),
    cross_entropy_class_class_weights => of!(class, Real, CLASS_WEIGHTS),
    cross_entropy_class_class_weights_sum => of!(class, Real, Sum(CLASS_WEIGHTS)),
    cross_entropy_class_class_weights_weighted => of!(class, Real, CLASS_WEIGHTS),
    cross_entropy_class_both => of!(class, Real, BOTH),
    cross_entropy_class_both_sum => of!(class, Real, Sum(BOTH)),
    cross_entropy_class_both_weighted => of!(class, Real, BOTH),
    cross_entropy_distribution => of!(same, Real, CrossEntropy),
    cross_entropy_distribution_sum => of!(same, Real, Sum(CrossEntropy)),
    cross_entropy_distribution_weighted => of!(same, Real, CrossEntropy),
    cross_entropy_distribution_smoothed => of!(same, Real, SMOOTHED),
    cross_entropy_distribution_smoothed_sum => of!(same, Real, Sum(SMOOTHED)),
    cross_entropy_distribution_smoothed_weighted => of!(same, Real, SMOOTHED),
    cross_entropy_distribution_class_weights => of!(same, Real, CLASS_WEIGHTS),
    cross_entropy_distribution_class_weights_sum => of!(same, Real, Sum(CLASS_WEIGHTS)),
    cross_entropy_distribution_class_weights_weighted => of!(same, Real, CLASS_WEIGHTS),
    cross_entropy_distribution_both => of!(same, Real, BOTH),
    cross_entropy_distribution_both_sum => of!(same, Real, Sum(BOTH)),
    cross_entropy_distribution_both_weighted => of!(same, Real, BOTH),
    cross_entropy_of_probabilities_class => of!(class, Probabilities, CrossEntropyOfProbabilities),
    cross_entropy_of_probabilities_distribution => of!(same, Probabilities, CrossEntropyOfProbabilities),
    negative_log_likelihood_class => of!(class, LogProbabilities, NegativeLogLikelihood),
    negative_log_likelihood_distribution => of!(same, LogProbabilities, NegativeLogLikelihood),
    binary_cross_entropy => of!(same, Real, BinaryCrossEntropy),
    binary_cross_entropy_sum => of!(same, Real, Sum(BinaryCrossEntropy)),
    binary_cross_entropy_weighted => of!(same, Real, BinaryCrossEntropy),
    binary_cross_entropy_pos_weight => of!(same, Real, POS_WEIGHT),
    binary_cross_entropy_pos_weight_sum => of!(same, Real, Sum(POS_WEIGHT)),
    binary_cross_entropy_pos_weight_weighted => of!(same, Real, POS_WEIGHT),
    binary_cross_entropy_label_weights => of!(same, Real, LABEL_WEIGHTS),
    binary_cross_entropy_label_weights_sum => of!(same, Real, Sum(LABEL_WEIGHTS)),
    binary_cross_entropy_label_weights_weighted => of!(same, Real, LABEL_WEIGHTS),
    binary_cross_entropy_both => of!(same, Real, BOTH_WEIGHTS),
    binary_cross_entropy_both_sum => of!(same, Real, Sum(BOTH_WEIGHTS)),
    binary_cross_entropy_both_weighted => of!(same, Real, BOTH_WEIGHTS),
    binary_cross_entropy_of_probabilities => of!(same, Bernoulli, BinaryCrossEntropyOfProbabilities),
    hinge => of!(same, Real, Hinge),
    hinge_class => of!(class, Real, Hinge),
}
