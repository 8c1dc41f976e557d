//! Losses, metrics, data and device: what the other checks do not call.

use nn_core::data::{Standardizer, windows};
use nn_core::loss::{
    BinaryCrossEntropyOfProbabilities, CrossEntropyOfProbabilities, HalfSquaredError, Loss, MeanAbsoluteError, NegativeLogLikelihood, Sum,
};
use nn_core::prelude::*;
use nn_core::train::Gradients;

use crate::{Plane, check, images, points};

network! {
    pub struct Shares: [2] -> [3] { fc: Dense(3), Softmax }
}

network! {
    pub struct Logarithms: [2] -> [3] { fc: Dense(3), LogSoftmax }
}

network! {
    pub struct Scores: [2] -> [3] { fc: Dense(3) }
}

network! {
    pub struct Chances: [2] -> [1] { fc: Dense(1), Sigmoid }
}

network! {
    pub struct Series: [6, 2] -> [2] {
        both: Lstm(3, bidirectional = true),
        Transpose,
        conv: Conv1d(4, kernel = 2),
        Transpose,
        gru: Gru(3, layers = 2),
        rnn: Rnn(3),
        Concat { mean: { GlobalAvgPool }, last: { Last } },
        fc: Dense(2),
    }
}

/// One epoch of training and an evaluation.
fn learns<N, T, L>(loss: L, target: T)
where
    N: Network<Input = [f32; 2], Learning = nn_core::Learns>,
    T: nn_core::metric::Target + Clone,
    L: Loss<N::Kind, N::Output, T> + Copy,
{
    let data = Dataset::new(vec![[0.5, 0.25]; 4], vec![target; 4]).unwrap();
    let mut net = N::new_boxed(1);
    Gradients::<N>::check_targets(data.targets(), &loss).unwrap();
    net.train(&data).loss(loss).optimizer(Adam::new(0.01)).no_weight_decay_on_norms_and_biases().epochs(1).run().unwrap();
    assert!(net.evaluate(&data, loss).unwrap().loss.is_finite());
}

check! {
    /// Every loss, by every target.
    fn check_losses() {
        let class = Class::<3>::new(1).unwrap();
        learns::<Scores, _, _>(MeanSquaredError, [0.0_f32, 1.0, 2.0]);
        learns::<Scores, _, _>(MeanAbsoluteError, [0.0_f32, 1.0, 2.0]);
        learns::<Scores, _, _>(HalfSquaredError, [0.0_f32, 1.0, 2.0]);
        learns::<Scores, _, _>(Sum(MeanSquaredError), [0.0_f32, 1.0, 2.0]);
        learns::<Scores, _, _>(CrossEntropy, class);
        learns::<Scores, _, _>(CrossEntropy.label_smoothing(0.1).class_weights([1.0, 2.0, 3.0]), [0.5_f32, 0.25, 0.25]);
        learns::<Scores, _, _>(BinaryCrossEntropy, [true, false, true]);
        learns::<Scores, _, _>(BinaryCrossEntropy.pos_weight([1.0, 2.0, 3.0]), [1.0_f32, 0.0, 1.0]);
        learns::<Scores, _, _>(Hinge, class);
        learns::<Scores, _, _>(Hinge, [1.0_f32, -1.0, 1.0]);
        learns::<Shares, _, _>(CrossEntropyOfProbabilities, class);
        learns::<Logarithms, _, _>(NegativeLogLikelihood, class);
        learns::<Chances, _, _>(BinaryCrossEntropyOfProbabilities, true);
    }
}

check! {
    /// Recurrent layers, both ways and stacked.
    fn check_series() {
        let inputs: Vec<[[f32; 2]; 6]> = (0..16).map(|i| [[i as f32 / 16.0, 0.5]; 6]).collect();
        let data = Dataset::new(inputs, (0..16).map(|i| Class::<2>::new(i / 8).unwrap()).collect()).unwrap();
        let mut net = Series::new_boxed(1);
        let history = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(0.05)).epochs(20).run().unwrap();
        assert!(history.final_epoch().train.loss < history.epochs()[0].train.loss, "{history}");
    }
}

check! {
    /// Everything that scores can be asked.
    fn check_metrics() {
        let data = images(12);
        let mut net = crate::Image::new_boxed(1);
        net.train(&data).loss(CrossEntropy).optimizer(Adam::new(0.01)).epochs(1).run().unwrap();
        let score = net.evaluate(&data, CrossEntropy).unwrap();
        let class = Class::<3>::new(2).unwrap();
        let numbers = [score.accuracy(), score.top(2), score.precision(class), score.recall(class), score.f1(class), score.macro_f1()];
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number) || number.is_nan()), "{numbers:?}");
        assert_eq!((score.samples(), score.own("none")), (12, None));
        assert!(score.confusion().get(class, class) <= 4 && !score.confusion().to_string().is_empty());
        let data = points(8);
        let score = Plane::new_boxed(1).evaluate(&data, MeanSquaredError).unwrap();
        assert!([score.mae(), score.rmse(), score.mape(), score.r2()].iter().all(|number| number.is_finite()));
        assert!(score.binary().is_none());
        let yes = data.map_targets(|_| true);
        let score = Chances::new_boxed(1).evaluate(&yes, BinaryCrossEntropyOfProbabilities).unwrap();
        assert!([score.accuracy(), score.precision(), score.recall(), score.f1()].iter().all(|number| *number >= 0.0 || number.is_nan()));
    }
}

check! {
    /// The rest of what data can be asked.
    fn check_forms_of_data() {
        assert_eq!(Class::<3>::new(1).unwrap().one_hot::<f32>(), [0.0, 1.0, 0.0]);
        assert_eq!(images(3).one_hot::<f32>().targets()[2], [0.0, 0.0, 1.0]);
        let mut images = images(6);
        let scale = Standardizer::fit_channels(images.inputs()).unwrap();
        scale.apply(images.inputs_mut());
        let again = Standardizer::<[[[f32; 6]; 6]; 1]>::from_saved(scale.mean().to_vec(), scale.deviation().to_vec()).unwrap();
        again.undo(images.inputs_mut());
        let series = windows::sliding::<[f32; 2], 3, 1>(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]).unwrap();
        assert_eq!(series.channels_first().inputs()[0], [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]);
        let (few, _) = points(4).split_at(2).unwrap();
        let moved = few.map_inputs(|x, y: &mut [f32; 1]| y[0] = x[0]);
        assert!(moved.len() == 2 && !moved.is_empty() && moved.weights().is_none());
    }
}

check! {
    /// Steps from an output's own gradient, state page by page, and inference layer by layer.
    fn check_more_of_a_device() {
        let mut net = Plane::zeros();
        net.initialize_from(1);
        let mut work = TrainingWorkspace::<Plane>::new();
        let mut gradient = <Plane as Layer>::Gradient::ZEROED;
        net.step_online_from(&[0.5, 0.25], |y, dy| { *dy = *y; (true, ()) }, None, 0.1_f32, &mut work);
        net.gradient_from(&[0.5, 0.25], |y, dy| { *dy = *y; (true, ()) }, None, &mut gradient, &mut work);
        gradient.clear();
        let mut flash = vec![0_u8; Plane::STATE_BYTES.next_multiple_of(16)];
        net.save_state_in_pages::<16, ()>(&mut [0; 16], |at, page| { flash[at..at + page.len()].copy_from_slice(page); Ok(()) }).unwrap();
        let mut again = Plane::zeros();
        again.restore_state_from::<()>(|at, bytes| { bytes.copy_from_slice(&flash[at..at + bytes.len()]); Ok(()) }).unwrap();
        again.restore_state(&flash[..Plane::STATE_BYTES]).unwrap();
        let mut bytes = vec![0_u8; Plane::STATE_BYTES];
        again.save_state(&mut bytes).unwrap();
        let (mut y, mut workspace) = ([0.0], <Plane as Layer>::Workspace::<nn_core::One>::new());
        let mut steps = again.stepwise(&[0.5, 0.25], &mut y, &mut workspace);
        while steps.advance() {}
        assert_eq!(steps.output(), Some(&net.predict(&[0.5, 0.25])));
    }
}
